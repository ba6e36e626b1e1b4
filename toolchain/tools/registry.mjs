import { goTool } from "../sources/go-tool.mjs";

/** The OCI registry behind the sandbox's door. Its makers publish no program for it but an image, so it is always built. */
export const registry = goTool("registry", "registry");
