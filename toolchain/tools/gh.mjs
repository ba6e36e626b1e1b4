import { releasedTool } from "../sources/released-tool.mjs";

/** GitHub's own command: the tests check that its `gh attestation verify` accepts the attestations. */
export const gh = releasedTool("gh", "gh");
