import { releasedTool } from "../sources/released-tool.mjs";

/** GitHub's own command: the tests ask its `gh attestation verify` whether it accepts what was attested. */
export const gh = releasedTool("gh", "gh");
