import { describe, expect, it } from "vitest";
import { repositoryOf } from "../../../clients/github/git-refs.ts";
import { postAttestation } from "../../../clients/github/release/attestations.ts";
import { signStatement } from "../../../clients/sigstore/signing.ts";
import { verifyBlob } from "../../../clients/sigstore/verification.ts";
import { makeAttestationStatement, provenancePredicate } from "../../../formats/signing/statement.ts";
import { readLineage } from "../../../formats/release/attestation-lineage.ts";
import { readRecord } from "../../../formats/release/release-record.ts";
import { signingSandbox } from "../../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";
import { releasableUnit, sha256 } from "./releasable-unit.ts";
import type { ReleaseJson } from "./releasable-unit.ts";

const signing = signingSandbox();
const host = engineHost("github-release");
const mapOf = (map: object): string => `Adds a chart.\n\n<!-- attestation-map ${JSON.stringify(map)} -->\n`;

/** A unit with a chart that gets a lineage, of which all but the Release is done. */
async function chartUnit(signed = true) {
  const unit = await releasableUnit(signing.world);
  const { repository, inputs } = unit;
  const { digest, repository: image } = inputs.artifacts["app"] ?? { digest: "", repository: "" };
  const name = `${image.slice(image.lastIndexOf("/") + 1)}-attestation-lineage.json`;
  const policy = signed ? { signing: signing.identity(), sigstore: signing.instance() } : {};
  const only = async (): Promise<ReleaseJson | undefined> => (await unit.releases())[0];
  const find = async (file: string) => (await only())?.assets.find((asset) => asset.name === file);
  const textOf = async (file: string): Promise<string> => {
    const token = signing.sandbox.environment["GITHUB_TOKEN"] ?? "";
    const headers = { accept: "application/octet-stream", authorization: `Bearer ${token}` };
    return (await fetch((await find(file))?.url ?? "", { headers })).text();
  };
  return {
    ...unit,
    digest,
    name,
    inputs: { ...inputs, lineages: ["app"], ...policy },
    names: async () => ((await only())?.assets ?? []).map((asset) => asset.name).toSorted(),
    find,
    textOf,
    lineage: async () => readLineage(await textOf(name)),
    /** Records a pull request that was merged as the released commit. */
    async merge(description: string, base = "main"): Promise<void> {
      await signing.sandbox.github.openPullRequest(repository.fullName, {
        title: "One",
        body: description,
        head: { ref: "one", sha: repository.commits[1] },
        base: { ref: base, sha: repository.commits[0] },
        mergedAs: repository.commits[2],
      });
    },
    async describe(description: string): Promise<void> {
      await (await signing.sandbox.github.pullRequests(repository.fullName)).describe(1, description);
    },
    /** Posts an attestation of a digest to GitHub. @returns its number there */
    async post(about: string): Promise<string> {
      signing.runAs(undefined, undefined, { repository: repository.fullName });
      const statement = makeAttestationStatement(image, about, provenancePredicate, {});
      const id = await postAttestation(
        repositoryOf(repository.fullName),
        await signStatement(statement, signing.instance()),
      );
      signing.runAs();
      return String(id);
    },
    async remove(file: string): Promise<void> {
      await unit.api.delete(`${unit.path}/assets/${(await find(file))?.id ?? 0}`);
    },
    async put(file: string, text: string): Promise<void> {
      await unit.attach((await only())!, file, text);
    },
    async isSigned(file: string): Promise<boolean> {
      const [bundle, text] = [await textOf(`${file}.sigstore.json`), await textOf(file)];
      return (await verifyBlob(bundle, sha256(text), signing.identity(), signing.instance())).verified;
    },
  };
}

/** Makes GitHub refuse what a lineage is made from. */
function refuse(path: RegExp, status: number, message: string, times = 1): void {
  const act = { status, body: { message } };
  signing.sandbox.faults.add({ door: "github", method: "GET", path, when: "before", times, act });
}

describe("gitHubReleaseProvider, when a chart gets a lineage", () => {
  it("joins what the pull request says with what GitHub lists", async () => {
    const unit = await chartUnit();
    const other = `sha256:${sha256("the linted files")}`;
    const [own, lint] = [await unit.post(unit.digest), await unit.post(other)];
    await unit.merge(mapOf({ lint: { id: lint, digest: other }, scan: 999_999, test: { id: 7, digest: other } }));
    const { outs } = await host.create(unit.inputs);
    const { commits, fullName } = unit.repository;
    expect(await unit.lineage()).toEqual({
      chart: unit.name.replace("-attestation-lineage.json", ""),
      version: "1.2.0",
      tag: "v1.2.0",
      digest: unit.digest,
      revision: commits[2],
      pullRequest: { number: 1, url: `${signing.sandbox.addresses.web}/${fullName}/pull/1`, base: "main" },
      attestations: [
        { name: "lint", id: lint, digest: other, status: "confirmed" },
        { name: "scan", id: "999999", status: "claimed" },
        { name: "test", id: "7", digest: other, status: "claimed" },
        { id: own, digest: unit.digest, status: "confirmed" },
      ],
      leftOut: [],
    });
    expect(outs["leftOut"]).toEqual([]);
  });

  it("signs it, and names it in checksums and record", async () => {
    const unit = await chartUnit();
    await host.create(unit.inputs);
    const digest = sha256(await unit.textOf(unit.name));
    expect(await unit.isSigned(unit.name)).toBe(true);
    expect(await unit.textOf("checksums.txt")).toContain(`${digest}  ${unit.name}\n`);
    expect(readRecord(await unit.textOf("lockstep.release.json"))?.assets[unit.name]).toBe(digest);
  });

  it("says that there is no pull request, and no attestation", async () => {
    const unit = await chartUnit(false);
    const { outs } = await host.create(unit.inputs);
    const { pullRequest, attestations, leftOut } = await unit.lineage();
    expect([pullRequest, attestations]).toEqual([null, []]);
    expect(leftOut).toEqual([
      `no attestations of a pull request: none was merged as ${unit.repository.commits[2]}`,
      `GitHub lists no attestation for the chart's digest ${unit.digest}`,
    ]);
    expect(outs["leftOut"]).toEqual(leftOut.map((line) => `${unit.name}: ${line}`));
  });

  it.each([
    ["into a branch that may not sign", "refs/tags/*", ["side"], undefined],
    ["into the default branch", "refs/tags/*", ["side", "main", "main"], 2],
    ["into the branch whose runs sign, before any other", "refs/heads/release", ["main", "release"], 2],
  ])("counts a pull request %s", async (_, refs, bases, number) => {
    const unit = await chartUnit(false);
    for (const base of bases) {
      await unit.merge(mapOf({}), base);
    }
    const ref = refs.replace("*", "v1.2.0");
    signing.runAs(undefined, ref);
    await host.create({ ...unit.inputs, signing: signing.identity({ refs }), sigstore: signing.instance() });
    expect((await unit.lineage()).pullRequest?.number).toBe(number);
  });

  it("says what GitHub does not show", async () => {
    const unit = await chartUnit(false);
    refuse(/\/commits\/.*\/pulls/, 403, "Resource not accessible by integration");
    refuse(/\/attestations\/sha256/, 403, "Must have attestations=read");
    const { outs } = await host.create(unit.inputs);
    expect(outs["leftOut"]).toEqual([
      `${unit.name}: no attestations of a pull request: GitHub's list of them is not readable: Resource not accessible by integration (403)`,
      `${unit.name}: GitHub's attestations of ${unit.digest} are not readable: Must have attestations=read (403)`,
    ]);
  });

  it.each([
    ["pull requests", /\/commits\/.*\/pulls/, 503],
    ["attestations", /\/attestations\/sha256/, 502],
    ["pull requests, to a token that it does not know", /\/commits\/.*\/pulls/, 401],
  ])("makes nothing while GitHub does not show %s, and all of it afterwards", async (_, path, status) => {
    const unit = await chartUnit(false);
    refuse(path, status, "not now", 100);
    await releaseErrorOf(host.create(unit.inputs));
    expect(await unit.releases()).toEqual([]);
    signing.sandbox.faults.clear();
    await host.create(unit.inputs);
    expect(await unit.names()).toContain(unit.name);
  });
});

describe("gitHubReleaseProvider, when a lineage is in a draft", () => {
  it("makes it anew, because no one has seen it", async () => {
    const unit = await chartUnit();
    await unit.merge(mapOf({ lint: 1 }));
    signing.sandbox.faults.add({
      door: "github",
      method: "PATCH",
      path: /releases/,
      when: "before",
      times: 100,
      act: { status: 502 },
    });
    await releaseErrorOf(host.create(unit.inputs));
    signing.sandbox.faults.clear();
    await unit.describe(mapOf({ lint: 2 }));
    await host.create(unit.inputs);
    expect((await unit.lineage()).attestations).toMatchObject([{ name: "lint", id: "2" }]);
    expect([await unit.isSigned(unit.name), (await unit.publicReleases()).length]).toEqual([true, 1]);
  });

  it.each([true, false])("keeps the one that a faster run has published (signed: %s)", async (signed) => {
    const unit = await chartUnit(signed);
    await unit.merge(mapOf({ lint: 1 }));
    const act = async (): Promise<void> => {
      await unit.describe(mapOf({ lint: 2 }));
      await host.create(unit.inputs);
    };
    signing.sandbox.faults.add({ door: "github", method: "PATCH", path: /releases/, when: "before", act });
    const { outs } = await host.create(unit.inputs);
    expect((await unit.lineage()).attestations).toMatchObject([{ name: "lint", id: "2" }]);
    expect((await host.read(outs)).inputs?.["complete"]).toBe(true);
  });
});

describe.each([true, false])("gitHubReleaseProvider, when a lineage is published (signed: %s)", (signed) => {
  /** A unit whose pull request says something else since. */
  async function published() {
    const unit = await chartUnit(signed);
    await unit.merge(mapOf({ lint: 1 }));
    const { outs } = await host.create(unit.inputs);
    await unit.describe("Forget about it.");
    return { ...unit, outs };
  }

  it("never makes it again, with the state or without", async () => {
    const unit = await published();
    const since = signing.sandbox.journal.mark();
    const read = await host.read(unit.outs);
    const again = await host.create(unit.inputs);
    await host.update(unit.outs, unit.inputs);
    expect(signing.sandbox.journal.writes(since)).toEqual([]);
    expect(read.inputs).toMatchObject({ complete: true, lineages: ["app"] });
    expect([read.props?.["leftOut"], again.outs["leftOut"]]).toEqual([unit.outs["leftOut"], unit.outs["leftOut"]]);
  });

  it("restores it if it can be made with the same bytes", async () => {
    const unit = await published();
    await unit.describe(mapOf({ lint: 1 }));
    await unit.remove(unit.name);
    expect((await host.read(unit.outs)).inputs?.["complete"]).toBe(false);
    await host.update(unit.outs, unit.inputs);
    expect((await host.read(unit.outs)).inputs?.["complete"]).toBe(true);
  });

  it("does not make up another one in its place", async () => {
    const unit = await published();
    await unit.remove(unit.name);
    const error = await releaseErrorOf(host.update(unit.outs, unit.inputs));
    expect([error.code, error.message]).toEqual([
      "ASSET_CONFLICT",
      expect.stringContaining("GitHub says something else by now"),
    ]);
    expect(await unit.names()).not.toContain(unit.name);
  });

  it("does not accept another one in its place", async () => {
    const unit = await published();
    await unit.remove(unit.name);
    await unit.put(unit.name, "{}");
    expect((await host.read(unit.outs)).inputs?.["complete"]).toBe(false);
    expect((await releaseErrorOf(host.update(unit.outs, unit.inputs))).code).toBe("ASSET_CONFLICT");
  });
});

describe("gitHubReleaseProvider, when signatures of a published lineage are gone", () => {
  it("signs it again if the signed record names it", async () => {
    const unit = await chartUnit();
    const { outs } = await host.create(unit.inputs);
    await unit.remove(`${unit.name}.sigstore.json`);
    await host.update(outs, unit.inputs);
    expect(await unit.isSigned(unit.name)).toBe(true);
  });

  it("signs nothing that is proved by nothing", async () => {
    const unit = await chartUnit();
    const { outs } = await host.create(unit.inputs);
    await unit.remove(`${unit.name}.sigstore.json`);
    await unit.remove("lockstep.release.json.sigstore.json");
    const before = signing.sandbox.sigstore.entries();
    const error = await releaseErrorOf(host.update(outs, unit.inputs));
    expect([error.code, signing.sandbox.sigstore.entries()]).toEqual(["SIGNATURE_MISSING", before]);
  });
});
