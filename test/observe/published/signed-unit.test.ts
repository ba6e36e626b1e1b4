import { beforeAll, describe, expect, it } from "vitest";
import { attachBundle } from "../../clients/registry/attached-bundle.ts";
import { getManifest } from "../../../clients/registry/registry.ts";
import { bundleMediaType, signStatement } from "../../../clients/sigstore/signing.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";
import { readManifest } from "../../../formats/artifact/manifest.ts";
import {
  makeAttestationStatement,
  provenance,
  provenancePredicate,
  readProvenance,
  makeSignatureStatement,
} from "../../../formats/signing/statement.ts";
import { observeUnit } from "../../../observe/published/unit.ts";
import type { Proofs } from "../../../observe/published/proofs.ts";
import type { Answer } from "../../../sandbox/door/answer.ts";
import { useDockerConfig } from "../../clients/registry/docker-config.ts";
import { signingSandbox, tamperings } from "../../clients/sigstore/signing-sandbox.ts";
import type { SignableImage } from "../../clients/sigstore/signing-sandbox.ts";
import { releaseErrorOf } from "../../providers/release-error-of.ts";
import { digestOf, manifestType, registryClient } from "../../sandbox/registry-client.ts";

const signing = signingSandbox();
let repository: string;
beforeAll(async () => {
  repository = (await signing.world.repository()).fullName;
});

/** The repository that releases; another one's run signs. */
const source = () => `https://github.com/${repository}`;
const proof = { revision: "1".repeat(40), buildInputs: "2".repeat(64) };
const parameters = { path: "charts/app" };
const verified = { ...proof, parameters };
const built = (image: SignableImage, of = proof) =>
  makeAttestationStatement(
    image.repository,
    image.digest,
    provenancePredicate,
    provenance(of, "builder", source(), parameters),
  );
const sign = (statement: Parameters<typeof signStatement>[0]) => signStatement(statement, signing.instance());
const attach = (image: SignableImage, bundle: unknown) =>
  attachBundle(image.repository, image.digest, bundle as StoredBundle, provenancePredicate);
const look = (image: SignableImage, policy: ReturnType<typeof signing.identity> | "off" = signing.identity()) =>
  observeUnit({
    repository,
    tag: "v9.9.9",
    artifacts: [{ name: "app", ociRepository: image.repository, tag: "one" }],
    signing: policy,
    sigstore: signing.instance(),
  });
const proofsOf = async (image: SignableImage): Promise<Proofs | undefined> => (await look(image)).proofs[image.digest];

describe("observeUnit, when a version's image is looked at", () => {
  it("has no proofs where nothing is attached", async () => {
    expect(await proofsOf(await signing.image())).toEqual({ verified: [], refused: [] });
  });
  it("has the commit and build inputs of provenance that verifies", async () => {
    const image = await signing.image();
    await attach(image, await sign(built(image)));
    expect(await proofsOf(image)).toEqual({ verified: [verified], refused: [] });
  });
  it("has every one of several", async () => {
    const image = await signing.image();
    const other = { ...proof, revision: "3".repeat(40) };
    await attach(image, await sign(built(image)));
    await attach(image, await sign(built(image, other)));
    expect(await proofsOf(image)).toEqual({ verified: [verified, { ...verified, ...other }], refused: [] });
  });
  it("refuses provenance of a build from another repository", async () => {
    const image = await signing.image();
    const of = provenance(proof, "builder", "https://github.com/evil/attack", {});
    await attach(image, await sign(makeAttestationStatement("x", image.digest, provenancePredicate, of)));
    expect(await proofsOf(image)).toEqual({
      verified: [],
      refused: ["its provenance is about a build from https://github.com/evil/attack"],
    });
  });
  it("takes neither a signature nor provenance of another shape for a proof", async () => {
    const image = await signing.image();
    await attach(image, await sign(makeSignatureStatement(image.digest)));
    await attach(image, await sign(makeAttestationStatement("x", image.digest, provenancePredicate, { commit: "1" })));
    expect(await proofsOf(image)).toEqual({ verified: [], refused: [] });
  });
  it("takes another type with the same predicate for none", async () => {
    const image = await signing.image();
    const statement = { ...built(image), predicateType: "https://example.com/other/v1" };
    expect(readProvenance(statement.predicate)).toEqual({ ...verified, source: source() });
    await attach(image, await sign(statement));
    expect(await proofsOf(image)).toEqual({ verified: [], refused: [] });
  });
  it("looks no further than to the provenance that settles it", async () => {
    const image = await signing.image();
    const other = { ...proof, revision: "3".repeat(40) };
    await attach(image, await sign(built(image)));
    await attach(image, await sign(built(image, other)));
    const artifacts = [{ name: "app", ociRepository: image.repository, tag: "one", provenance: proof }];
    const question = { repository, tag: "v9.9.9", signing: signing.identity(), sigstore: signing.instance() };
    const { proofs } = await observeUnit({ ...question, artifacts });
    expect(proofs[image.digest]).toEqual({ verified: [verified], refused: [] });
  });
  it("is not verified where the unit is not signed", async () => {
    const image = await signing.image();
    await attach(image, await sign(built(image)));
    expect((await look(image, "off")).proofs).toEqual({});
  });
  it("needs no login where the repository is public", async () => {
    const image = await signing.image();
    await attach(image, await sign(built(image)));
    await useDockerConfig({});
    expect(await proofsOf(image)).toEqual({ verified: [verified], refused: [] });
  });
  it("writes nothing", async () => {
    const image = await signing.image();
    await attach(image, await sign(built(image)));
    const mark = signing.sandbox.journal.mark();
    await look(image);
    expect(signing.sandbox.journal.writes(mark)).toEqual([]);
  });
});

describe("observeUnit, when a bundle proves nothing", () => {
  // All of them are tried where bundles are verified; these are what somebody with write access to the registry would do.
  const swapped = ["another image's bundle", "a rewritten payload", "a removed log entry"];
  it("has three ways to be forged", () => {
    expect(tamperings.map(([what]) => what)).toEqual(expect.arrayContaining(swapped));
  });
  it.each(tamperings.filter(([what]) => swapped.includes(what)))(
    "is refused in the verifier's words: %s",
    async (_, tampered, words) => {
      const image = await signing.image();
      const other = await signing.image();
      await attach(image, tampered(await sign(built(image)), await sign(built(other))));
      expect(await proofsOf(image)).toEqual({ verified: [], refused: [expect.stringMatching(words)] });
    },
  );
  it.each([
    ["another workflow", "evil/widgets/.github/workflows/release.yml", "refs/tags/v1.0.0"],
    ["another ref", undefined, "refs/heads/main"],
  ] as const)("names who signed: %s", async (_, file, ref) => {
    const image = await signing.image();
    signing.runAs(file, ref);
    await attach(image, await sign(built(image)));
    const refused = [expect.stringContaining(`${file ?? image.inputs.identity.workflow}@${ref}`)];
    expect(await proofsOf(image)).toEqual({ verified: [], refused });
  });
  it("does not hide one that does", async () => {
    const image = await signing.image();
    await attach(image, {});
    await attach(image, await sign(built(image)));
    expect(await proofsOf(image)).toEqual({ verified: [verified], refused: [expect.stringMatching(/./)] });
  });
});

describe("observeUnit, when a stranger attaches what cannot be read", () => {
  /** Pushes a manifest as anybody may who may push, and lists it before all others. */
  async function attachFirst(image: SignableImage, manifest: object): Promise<string> {
    const client = registryClient(signing.sandbox);
    const token = await client.bearer([`repository:${image.name}:pull,push`]);
    const body = JSON.stringify({ schemaVersion: 2, mediaType: manifestType, ...manifest });
    const digest = digestOf(body);
    const headers = { "content-type": manifestType };
    const put = await client.send("PUT", `/v2/${image.name}/manifests/${digest}`, token, { body, headers });
    expect(put.status).toBe(201);
    await signing.list(image, [{ mediaType: manifestType, digest, size: body.length, artifactType: bundleMediaType }]);
    return digest;
  }
  it("does not hide ours, and is named", async () => {
    const image = await signing.image();
    const { digest: config } = readManifest(
      (await getManifest(image.repository, image.digest))?.bytes ?? Buffer.alloc(0),
    ).layers[0] ?? { digest: "" };
    const theirs = await attachFirst(image, { config: { mediaType: "x/y", digest: config, size: 1 }, layers: null });
    await attach(image, await sign(built(image)));
    const found = await proofsOf(image);
    expect(found?.verified).toEqual([verified]);
    expect(found?.refused).toEqual([expect.stringMatching(`^${theirs}: cannot be read: layers: `)]);
  });
});

describe("observeUnit, when the version tag names something that is not a manifest", () => {
  it.each([
    ["manifests that are null", { manifests: null }],
    ["annotations that are a list", { manifests: [], annotations: [] }],
    ["a manifest at another place", { manifests: [{ digest: "../../other/manifests/latest" }] }],
  ])("is an error that says so: %s", async (_, manifest) => {
    const image = await signing.image();
    const change = (answer: Answer): Answer => ({ ...answer, body: JSON.stringify(manifest) });
    const fault = { door: "registry", method: "GET", path: /manifests\/one$/, when: "after", times: 9 } as const;
    signing.sandbox.faults.add({ ...fault, act: { change } });
    const { code, parts } = await releaseErrorOf(look(image, "off"));
    expect([code, parts.reason]).toEqual([
      "TAG_CONFLICT",
      expect.stringMatching(/:one already exists as sha256:.*, but is not a readable manifest: (manifests|annot)/),
    ]);
  });
});

describe("observeUnit, when the image cannot be checked", () => {
  it("is an error that names the digest, not a missing proof", async () => {
    const image = await signing.image();
    await attach(image, await sign(built(image)));
    const act = { status: 403, body: { errors: [{ code: "DENIED", message: "no" }] } };
    signing.sandbox.faults.add({ door: "registry", method: "GET", path: /manifests\/sha256-/, when: "before", act });
    const { parts } = await releaseErrorOf(look(image));
    expect(parts.step).toBe(`verifying the attachments of ${image.reference}`);
  });
  it("is an error that names the trusted root, not a missing proof", async () => {
    const image = await signing.image();
    await attach(image, await sign(built(image)));
    const question = {
      repository,
      tag: "v9.9.9",
      artifacts: [{ name: "app", ociRepository: image.repository, tag: "one" }],
      signing: signing.identity(),
      sigstore: { trustedRoot: "nowhere.json" },
    };
    expect((await releaseErrorOf(observeUnit(question))).parts.reason).toContain("nowhere.json");
  });
});
