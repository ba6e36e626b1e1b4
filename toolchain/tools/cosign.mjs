import { releasedTool } from "../sources/released-tool.mjs";

/** The command that users verify signatures with: the tests ask it whether it accepts what was signed. */
export const cosign = releasedTool("cosign", "cosign");
