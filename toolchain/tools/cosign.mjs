import { releasedTool } from "../sources/released-tool.mjs";

/** The command that users verify signatures with: the tests check that it accepts them. */
export const cosign = releasedTool("cosign", "cosign");
