import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { provenance, provenancePredicate, spdxPredicate } from "../../../formats/signing/statement.ts";
import { signingSandbox } from "../../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const signing = signingSandbox();
const host = engineHost("attestation");
const entries = (): number => signing.sandbox.sigstore.entries();
const built = (revision = "1".repeat(40)) =>
  provenance({ revision, buildInputs: "2".repeat(64) }, "https://example.com/builder", "https://example.com/source", {
    context: ".",
  }) as Record<string, unknown>;

// What holds of any Sigstore is in ../conformance/attestation-facts.ts.
async function attested() {
  const image = await signing.image();
  const inputs = { ...image.inputs, predicateType: provenancePredicate, predicate: built() };
  const { id, outs } = await host.create(inputs);
  return { image, inputs, id, outs };
}

describe("attestationProvider, when provenance is attached", () => {
  it("has repository, digest and type as id, and its inputs in the state", async () => {
    const { image, inputs, id, outs } = await attested();
    expect([id, outs]).toEqual([`${image.reference} ${provenancePredicate}`, { kind: "attestation", ...inputs }]);
  });
  it("is taken whatever the order of the predicate's keys is", async () => {
    const { inputs } = await attested();
    const before = entries();
    const predicate = Object.fromEntries(Object.entries(inputs.predicate).toReversed());
    await host.create({ ...inputs, predicate });
    expect(entries()).toBe(before);
  });
});

describe("attestationProvider, when another predicate is wanted", () => {
  it("is not there because one of the same type is", async () => {
    const { inputs } = await attested();
    expect(await host.read({ ...inputs, predicate: built("3".repeat(40)) })).toEqual({});
  });
});

/** An SBOM in a file, as a generator writes it: a time in it, so that no two are equal. */
async function described() {
  const image = await signing.image();
  const path = join(signing.sandbox.folder, "files", `${image.name.replaceAll("/", "-")}.spdx.json`);
  const write = async (created: string): Promise<{ path: string; sha256: string }> => {
    const text = JSON.stringify({ spdxVersion: "SPDX-2.3", name: image.name, creationInfo: { created } });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return { path, sha256: createHash("sha256").update(text).digest("hex") };
  };
  const inputs = { ...image.inputs, predicateType: spdxPredicate, predicateFile: await write("2026-01-15T09:00:00Z") };
  return { image, inputs, write };
}

describe("attestationProvider, when an SBOM is attached from a file", () => {
  it("is accepted by cosign, with the file's content", async () => {
    const { image, inputs } = await described();
    await host.create(inputs);
    const { output, ...verdict } = await signing.cosign("verify-attestation", "--type", "spdxjson", image.reference);
    expect(verdict).toEqual({ exitCode: 0, accepted: 1 });
    const line = output.split("\n").find((each) => each.startsWith("{")) ?? "{}";
    const { payload } = JSON.parse(line) as { payload: string };
    expect(JSON.parse(Buffer.from(payload, "base64").toString())).toMatchObject({
      predicateType: "https://spdx.dev/Document",
      subject: [{ name: image.repository, digest: { sha256: image.digest.slice(7) } }],
      predicate: { spdxVersion: "SPDX-2.3", name: image.name },
    });
  });
  it("leaves the path and the sha256 in the state, not the document", async () => {
    const { inputs } = await described();
    expect((await host.create(inputs)).outs).toEqual({ kind: "attestation", ...inputs });
  });
  it("is not signed again when the file was made again, and is no difference then", async () => {
    const { image, inputs, write } = await described();
    const { outs } = await host.create(inputs);
    const before = entries();
    const again = { ...inputs, predicateFile: await write("2026-01-16T09:00:00Z") };
    await host.create(again);
    expect([await host.diff(outs, again), entries(), (await signing.listed(image)).length]).toEqual([
      { changes: false },
      before,
      1,
    ]);
  });
  it("is found although its file is gone", async () => {
    const { inputs } = await described();
    const { outs } = await host.create(inputs);
    await rm(inputs.predicateFile.path);
    expect((await host.read(outs)).id).toBe("id");
  });
  it("is gone where it was removed, and comes back from the file", async () => {
    const { image, inputs } = await described();
    const { outs } = await host.create(inputs);
    await signing.list(image, []);
    expect(await host.read(outs)).toEqual({});
    await host.create(inputs);
    expect((await host.read(outs)).id).toBe("id");
  });
  it("is not there because someone else attached one", async () => {
    const { inputs } = await described();
    signing.runAs("evil/widgets/.github/workflows/release.yml");
    await host.create({
      ...inputs,
      identity: signing.identity({
        workflow: "evil/widgets/.github/workflows/release.yml",
        repository: "acme/widgets",
      }),
    });
    expect(await host.read(inputs)).toEqual({});
  });
  it("is not there because provenance is", async () => {
    const { image, inputs } = await described();
    await host.create({ ...image.inputs, predicateType: provenancePredicate, predicate: built() });
    expect(await host.read(inputs)).toEqual({});
  });
  it.each([
    ["changed", (path: string) => writeFile(path, "{}"), /had sha256 [0-9a-f]{64} when the release began; it has/],
    ["was removed", (path: string) => rm(path), /cannot be read \(ENOENT\)/],
  ])("fails and attaches nothing where the file %s meanwhile", async (_, change, words) => {
    const { image, inputs } = await described();
    await change(inputs.predicateFile.path);
    const { code, parts } = await releaseErrorOf(host.create(inputs));
    expect([code, await signing.listed(image)]).toEqual(["ASSET_CONFLICT", []]);
    expect(parts.reason).toMatch(words);
  });
  it("takes a document as large as may be", async () => {
    const { image, inputs } = await described();
    const text = JSON.stringify({ spdxVersion: "SPDX-2.3", comment: "x".repeat(2 ** 24 - 100) });
    await writeFile(inputs.predicateFile.path, text);
    const sha256 = createHash("sha256").update(text).digest("hex");
    await host.create({ ...inputs, predicateFile: { ...inputs.predicateFile, sha256 } });
    const verdict = await signing.cosign("verify-attestation", "--type", "spdxjson", image.reference);
    expect([verdict.exitCode, verdict.accepted]).toEqual([0, 1]);
  });
});

describe("attestationProvider, when the predicate is given in no way or in two", () => {
  it.each([
    ["neither", {}],
    ["both", { predicate: {}, predicateFile: { path: "app.spdx.json", sha256: "0".repeat(64) } }],
  ])("says so of %s", async (_, predicates) => {
    const digest = `sha256:${"a".repeat(64)}`;
    const identity = { issuer: "https://issuer.example.com", workflow: "a/b/.github/workflows/c.yml", refs: "refs/*" };
    const inputs = { repository: "ghcr.io/acme/app", digest, identity, sigstore: {}, predicateType: spdxPredicate };
    const { failures } = await host.check({ ...inputs, ...predicates });
    expect(failures.map(({ reason }) => reason)).toEqual(["must have either `predicate` or `predicateFile`"]);
  });
});

describe("attestationProvider, when this run is not who is expected", () => {
  it("fails and attaches nothing", async () => {
    const image = await signing.image();
    signing.runAs("evil/widgets/.github/workflows/release.yml");
    const inputs = { ...image.inputs, predicateType: provenancePredicate, predicate: built() };
    const { code, parts } = await releaseErrorOf(host.create(inputs));
    expect([code, await signing.listed(image)]).toEqual(["SIGNING_FAILED", []]);
    expect(parts.reason).toContain("evil/widgets");
  });
});
