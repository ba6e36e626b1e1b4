import { goTool } from "../sources/go-tool.mjs";

/** The command that users verify signatures with: the tests ask it whether it accepts what was signed. */
export const cosign = goTool("cosign", "cosign");
