import { releasedTool } from "../sources/released-tool.mjs";

/** The OCI registry of the sandbox. */
export const registry = releasedTool("registry", "registry");
