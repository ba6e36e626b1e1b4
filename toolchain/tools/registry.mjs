import { releasedTool } from "../sources/released-tool.mjs";

/** The OCI registry behind the sandbox's door. */
export const registry = releasedTool("registry", "registry");
