import { describe, expect, it } from "vitest";
import { signerMistake } from "../../../formats/signing/signer.ts";
import type { Signer } from "../../../formats/signing/signer.ts";
import { SigningIdentity } from "../../../formats/signing/signing-policy.ts";

const workflow = "acme/widgets/.github/workflows/release.yml";
const shared = "acme/ci/.github/workflows/release.yml";
const commit = "0123456789abcdef0123456789abcdef01234567";
const issuer = "https://token.actions.githubusercontent.com";
const signer: Signer = {
  issuer,
  workflow: `${workflow}@refs/tags/v1.0.0`,
  repository: "acme/widgets",
  commit: "c0ffee",
  trigger: "push",
  repositoryId: "1",
  ownerId: "2",
};

type Keys = Partial<SigningIdentity>;
const judged = (keys: Keys, changes: Partial<Signer>) =>
  signerMistake(SigningIdentity.parse({ workflow, ...keys }), { ...signer, ...changes });

describe("a signer", () => {
  it.each<[string, Keys, Partial<Signer>]>([
    ["of the release workflow", {}, {}],
    ["with the repository in other letters", {}, { repository: "Acme/Widgets" }],
    ["started by hand", {}, { trigger: "workflow_dispatch" }],
    ["after another workflow", {}, { trigger: "workflow_run" }],
    ["by the clock", {}, { trigger: "schedule" }],
    ["for an event that the configuration has", { triggers: ["release"] }, { trigger: "release" }],
    [
      "of a reusable workflow that the expected repository calls",
      { workflow: shared, repository: "acme/widgets" },
      { workflow: `${shared}@refs/tags/v1` },
    ],
    [
      "of a reusable workflow that is called by its commit",
      { workflow: shared, repository: "acme/widgets", refs: commit },
      { workflow: `${shared}@${commit}` },
    ],
    ["with the numbers that the configuration has", { repositoryId: "1", ownerId: "2" }, {}],
  ])("is taken %s", (_what, keys, changes) => {
    expect(judged(keys, changes)).toBeUndefined();
  });

  it.each<[string, Keys, Partial<Signer>, string]>([
    ["with tokens of another issuer", {}, { issuer: `${issuer}/acme` }, "the token was issued by"],
    ["at a branch", {}, { workflow: `${workflow}@refs/heads/main` }, "the signer is"],
    ["of another workflow", {}, { workflow: signer.workflow.replace("release", "test") }, "the signer is"],
    ["of a look-alike", {}, { workflow: signer.workflow.replace("release.yml", "releaseXyml") }, "the signer is"],
    [
      "that calls our reusable workflow",
      { workflow: shared, repository: "acme/widgets" },
      { workflow: `${shared}@refs/tags/v1.0.0`, repository: "evil/attack" },
      "the run belongs to evil/attack, not to acme/widgets",
    ],
    ["of another repository", {}, { repository: "evil/attack" }, "the run belongs to evil/attack"],
    ["of a repository that only begins so", {}, { repository: "acme/widgets2" }, "the run belongs to"],
    ["that does not say its repository", {}, { repository: "" }, "the run belongs to nothing"],
    ["on another server", {}, { repository: "https://git.acme.com/acme/widgets" }, "the run belongs to"],
    ["for a pull request", {}, { trigger: "pull_request" }, "the run was started by `pull_request`"],
    ["for a stranger's pull request", {}, { trigger: "pull_request_target" }, "the run was started by"],
    ["for a comment", {}, { trigger: "issue_comment" }, "the run was started by"],
    ["that does not say its event", {}, { trigger: "" }, "the run was started by `nothing`"],
    [
      "for an event that is not on the list",
      { triggers: ["release"] },
      {},
      "the run was started by `push`, not by `release`",
    ],
    ["of a repository that was made again", { repositoryId: "7" }, {}, "has the number 1, not 7"],
    ["of an account that was taken again", { ownerId: "7" }, {}, "has the number 2, not 7"],
    ["without the number that is compared", { ownerId: "2" }, { ownerId: "" }, "has the number nothing"],
    [
      "of a reusable workflow at another commit",
      { workflow: shared, repository: "acme/widgets", refs: commit },
      { workflow: `${shared}@${commit.replace("0", "f")}` },
      "the signer is",
    ],
  ])("is refused %s", (_what, keys, changes, words) => {
    expect(judged(keys, changes)).toContain(words);
  });
});
