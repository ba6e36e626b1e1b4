import { describe, expect, it } from "vitest";
import type { SigningPolicy } from "../../../formats/signing/signing-policy.ts";
import { recordedPolicy, signingOf } from "../../../plan/release/signing.ts";
import { Signing } from "../../../config/release/signing.ts";
import { commit, identity, ourRelease } from "../made-up-project.ts";

const workflow = "acme/widgets/.github/workflows/release.yml";
const first = "acme/widgets/.github/workflows/publish.yml";
const second = "acme/ci/.github/workflows/release.yml";
const earlier = [
  { workflow: second, refs: "refs/heads/main", until: "2.1.0" },
  { workflow: first, until: "1.4.0" },
];
const common = { issuer: "https://token.actions.githubusercontent.com", refs: "refs/tags/*" };

describe("who must have signed a version", () => {
  const asked = (config: object, version: string, repository = "acme/widgets") =>
    signingOf(Signing.parse(config), version, repository);

  it("is recorded as it always was, if the workflow is the repository's own", () => {
    expect(asked({ workflow }, "1.2.3")).toEqual({ ...common, workflow });
  });

  it("is a run of the repository that releases, whatever workflow it calls", () => {
    expect(asked({ workflow: second }, "1.2.3")).toEqual({ ...common, workflow: second, repository: "acme/widgets" });
  });

  it("is a run of another repository, if the configuration says so", () => {
    const config = { workflow, repository: "acme/releases" };
    expect(asked(config, "1.2.3")).toEqual({ ...common, workflow, repository: "acme/releases" });
  });

  it.each([
    ["0.9.0", first, "refs/tags/*"],
    ["1.4.0", first, "refs/tags/*"],
    ["1.4.1", second, "refs/heads/main"],
    ["2.1.0-rc.1", second, "refs/heads/main"],
    ["2.1.0", second, "refs/heads/main"],
    ["2.1.1", workflow, "refs/tags/*"],
  ])("is for %s the one that signed then: %s", (version, expected, refs) => {
    expect(asked({ workflow, earlier }, version)).toMatchObject({ workflow: expected, refs });
  });

  it("is asked for in earlier workflows as today: issuer, events and numbers hold for all of them", () => {
    const config = { workflow, earlier, triggers: ["push"], ownerId: "7" };
    expect(asked(config, "1.0.0")).toEqual({ ...common, workflow: first, triggers: ["push"], ownerId: "7" });
  });

  it("is nobody where nothing is signed", () => {
    expect(signingOf("off", "1.2.3", "acme/widgets")).toBe("off");
  });
});

describe("what a record says of it", () => {
  const now: SigningPolicy = { ...identity, repository: "acme/gadgets", triggers: ["push"] };
  const record = { unit: "widgets", version: "1.2.3", revision: commit, gitTag: "v1.2.3", artifacts: {}, assets: {} };
  const published = (signing: SigningPolicy, signed: boolean) => ourRelease({ ...record, policy: { signing } }, signed);

  it.each<[string, SigningPolicy, Parameters<typeof recordedPolicy>[1], SigningPolicy]>([
    ["is the configuration's for what is not published", now, undefined, now],
    ["is the configuration's without a record", now, ourRelease(), now],
    ["stays as it was published, with fewer keys", now, published(identity, true), identity],
    ["stays so, although the record's signature is gone", now, published(identity, false), identity],
    [
      "stays another one, if its record is signed",
      now,
      published({ ...identity, refs: "refs/x" }, true),
      { ...identity, refs: "refs/x" },
    ],
    ["is not another one, if its record is not", now, published({ ...identity, refs: "refs/x" }, false), now],
    ["is not `off` where signatures are asked for", now, published("off", true), now],
    ["is `off` where none are asked for", "off", published(identity, true), "off"],
  ])("%s", (_what, signing, there, said) => {
    expect(recordedPolicy(signing, there)).toEqual(said);
  });
});
