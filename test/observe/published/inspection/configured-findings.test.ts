import { describe, expect, it } from "vitest";
import { parseRecord, writeRecord } from "../../../../formats/release/release-record.ts";
import type { RecordedPolicy, ReleaseRecord } from "../../../../formats/release/release-record.ts";
import type { SigningPolicy } from "../../../../formats/signing/signing-policy.ts";
import { compareWithConfiguration } from "../../../../observe/published/inspection/configured-findings.ts";
import type { ConfiguredContent } from "../../../../observe/published/inspection/configured-findings.ts";
import type { Outcome } from "../../../../observe/published/inspection/finding.ts";
import { digest, identity } from "../../../plan/made-up-project.ts";

const app = { repository: "ghcr.io/acme/app", tag: "1.2.3" };
const record: ReleaseRecord = {
  unit: "app",
  version: "1.2.3",
  revision: "c".repeat(40),
  gitTag: "v1.2.3",
  artifacts: { app: { kind: "image", ...app, digest: digest("a"), buildInputs: "b".repeat(64) } },
  assets: { "app.tgz": "d".repeat(64), "install.yaml": "e".repeat(64) },
  policy: { signing: identity },
};
const content: ConfiguredContent = { artifacts: { app }, assets: ["app.tgz", "*.yaml"] };

function outcomes(
  changes: { record?: Partial<ReleaseRecord>; content?: Partial<ConfiguredContent> },
  current = true,
): Partial<Record<Outcome, string[]>> {
  const findings = compareWithConfiguration(
    { ...record, ...changes.record },
    { content: { ...content, ...changes.content }, signing: identity, current },
  );
  const all = Object.groupBy(findings, ({ outcome }) => outcome);
  return Object.fromEntries(
    Object.entries(all).map(([outcome, some]) => [outcome, some.map(({ promise }) => promise)]),
  );
}

describe("configuredFindings", () => {
  it("keeps what is the same", () => {
    expect(Object.keys(outcomes({}))).toEqual(["kept"]);
  });
  it.each([
    ["no artifact", { artifacts: {} }, "the record has app as ghcr.io/acme/app:1.2.3"],
    ["no file of a name", { assets: { "install.yaml": "e".repeat(64) } }, "the record has app.tgz"],
    ["no file of a glob", { assets: { "app.tgz": "d".repeat(64) } }, "the record has *.yaml"],
    [
      "no signatures",
      { policy: { signing: "off" as const } },
      "the record asks for the signatures that the configuration asks for",
    ],
  ])("is broken by a record with %s; an older one differs", (_, change, promise) => {
    expect(outcomes({ record: change }).broken).toEqual([promise]);
    expect(outcomes({ record: change }, false)).toMatchObject({ differs: [promise] });
    expect(outcomes({ record: change }, false).broken).toBeUndefined();
  });
  it.each(["constructor", "__proto__", "toString"])("is not deceived by the name %s", (name) => {
    const artifacts = Object.fromEntries([
      ["app", app],
      [name, app],
    ]);
    expect(outcomes({ content: { artifacts } }).broken).toEqual([`the record has ${name} as ghcr.io/acme/app:1.2.3`]);
    expect(outcomes({ content: { assets: [name, ...content.assets] } }).broken).toEqual([`the record has ${name}`]);
  });
  it("shows what the record has beyond it", () => {
    expect(outcomes({ content: { artifacts: {}, assets: ["*.yaml"] } }).differs).toEqual([
      "the configuration has app, which is ghcr.io/acme/app:1.2.3",
      "the configuration has the file app.tgz",
    ]);
  });
});

describe("configuredFindings, when files have no bundle", () => {
  const assets = { ...record.assets, "README.md": "f".repeat(64) };
  const documents = ["README.md", "LICENSE"];

  it("accepts the documents of the configuration, whichever are there", () => {
    const found = outcomes({ record: { assets, unsigned: ["README.md"] }, content: { documents } });
    expect(Object.keys(found)).toEqual(["kept"]);
  });
  it("is broken by any other file that the record exempts; an older one differs", () => {
    const exempt = { record: { assets, unsigned: ["README.md", "app.tgz"] }, content: { documents } };
    const promise = "the record asks for a signature of app.tgz, as the configuration does";
    expect(outcomes(exempt).broken).toEqual([promise]);
    expect(outcomes(exempt, false)).toMatchObject({ differs: [promise] });
  });
  it("is broken by every such file if the configuration has no documents", () => {
    expect(outcomes({ record: { assets, unsigned: ["README.md"] } })).toMatchObject({
      broken: ["the record asks for a signature of README.md, as the configuration does"],
      differs: ["the configuration has the file README.md"],
    });
  });
});

describe("configuredFindings, when policies are compared", () => {
  const policy = (recorded: unknown, configured: unknown) =>
    compareWithConfiguration(
      { ...record, policy: { signing: recorded as RecordedPolicy } },
      { content, signing: configured as SigningPolicy, current: true },
    )[0];
  const { refs: _, ...older } = identity;

  it.each([
    ["the same", identity, identity, "kept"],
    ["the same in another order", Object.fromEntries(Object.entries(identity).toReversed()), identity, "kept"],
    ["a record of before a key was there", older, identity, "kept"],
    ["a configuration with a key more", identity, { ...identity, later: ["a"] }, "kept"],
    ["a key of a list", { ...identity, later: ["a", "b"] }, { ...identity, later: ["a", "b"] }, "kept"],
    ["a key that the configuration does not have", { ...identity, later: 7 }, identity, "kept"],
    ["another workflow", { ...identity, workflow: "evil/x/.github/workflows/release.yml" }, identity, "broken"],
    ["another list", { ...identity, later: ["a", "b"] }, { ...identity, later: ["a"] }, "broken"],
    ["no signatures", "off", identity, "broken"],
    ["signatures where none are asked for", identity, "off", "broken"],
    ["none on either side", "off", "off", "kept"],
  ])("counts only what was promised: %s", (_what, recorded, configured, outcome) => {
    expect(policy(recorded, configured)?.outcome).toBe(outcome);
  });
  it("names the keys that differ, and their values", () => {
    expect(policy({ ...identity, refs: "refs/heads/main", later: ["a"] }, { ...identity, later: [] })?.found).toBe(
      'refs refs/heads/main, later ["a"]',
    );
  });
  it("compares what was written: a default is not filled in", () => {
    const read = parseRecord(writeRecord({ ...record, policy: { signing: older } }));
    expect(read).toMatchObject({ record: { policy: { signing: older } } });
    const signing = "record" in read ? read.record.policy.signing : undefined;
    expect(policy(signing, { ...identity, refs: "refs/heads/release/*" })?.outcome).toBe("kept");
  });
});
