import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { signBlob, signStatement } from "../../clients/signing.ts";
import type { StoredBundle } from "../../clients/signing.ts";
import { verifyBlob, verifyStatement } from "../../clients/verification.ts";
import { attestationStatement, provenancePredicate, signatureStatement } from "../../formats/statement.ts";
import { signingSandbox, tamperings } from "./signing-sandbox.ts";

const signing = signingSandbox();
const digest = `sha256:${"a".repeat(64)}`;
const another = `sha256:${"c".repeat(64)}`;

describe.each([1, 2] as const)("when a statement's bundle is verified, over Rekor %i", (rekor) => {
  let bundle: StoredBundle;
  let other: StoredBundle;
  beforeAll(async () => {
    signing.runAs();
    bundle = await signStatement(signatureStatement(digest), signing.instance(rekor));
    other = await signStatement(signatureStatement(another), signing.instance(rekor));
  });
  const verdictOf = (one: unknown, about = digest, identity = signing.identity()) =>
    verifyStatement(one as StoredBundle, about, identity, signing.instance());

  it("holds", async () => {
    expect(await verdictOf(bundle)).toEqual({ verified: true, value: signatureStatement(digest) });
  });
  it.each(tamperings)("is refused: %s", async (_, tampered, words) => {
    const verdict = await verdictOf(tampered(bundle, other));
    expect(verdict).toEqual({ verified: false, reason: expect.stringMatching(words) });
  });
  it("is refused for another digest", async () => {
    expect(await verdictOf(bundle, another)).toMatchObject({ verified: false, reason: "is about another digest" });
  });
  it.each([
    ["another owner's workflow", { workflow: "evil/widgets/.github/workflows/release.yml" }],
    ["another workflow of the repository", { workflow: "acme/widgets/.github/workflows/other.yml" }],
    ["a workflow whose name goes on", { workflow: "acme/widgets/.github/workflows/release.y" }],
    ["a dot that would match any letter", { workflow: "acme/widgets/.github/workflows/releas..yml" }],
    ["another ref", { refs: "refs/heads/*" }],
    ["another issuer", { issuer: "https://token.actions.githubusercontent.com" }],
  ])("is refused for %s", async (_, changes) => {
    expect((await verdictOf(bundle, digest, signing.identity(changes))).verified).toBe(false);
  });
  it("names who signed instead", async () => {
    const verdict = await verdictOf(bundle, digest, signing.identity({ refs: "refs/heads/*" }));
    expect(verdict).toMatchObject({ reason: expect.stringContaining("release.yml@refs/tags/v1.0.0") });
  });
  it("is refused where it holds a file's signature", async () => {
    const blob = await signBlob(Buffer.from("a file"), signing.instance(rekor));
    expect((await verdictOf(blob)).verified).toBe(false);
  });
  it.each([{}, "text", 1, null, { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" }])(
    "is refused where it is no bundle: %j",
    async (nonsense) => {
      expect((await verdictOf(nonsense)).verified).toBe(false);
    },
  );
});

describe("when a bundle has no timestamp", () => {
  it.each([
    [1, true],
    [2, false],
  ] as const)(
    "stands by the time in the log's entry, which Rekor 2 does not give: Rekor %i, %s",
    async (rekor, holds) => {
      const bundle = await signStatement(signatureStatement(digest), signing.instance(rekor));
      const { timestampVerificationData: removed, ...verificationMaterial } = bundle.verificationMaterial;
      expect(removed?.rfc3161Timestamps.length).toBe(1);
      const without = { ...bundle, verificationMaterial } as StoredBundle;
      expect((await verifyStatement(without, digest, signing.identity(), signing.instance())).verified).toBe(holds);
    },
  );
});

describe("when a statement has several subjects", () => {
  it.each([digest, another])("holds for %s", async (one) => {
    const statement = attestationStatement("acme/app", digest, provenancePredicate, {});
    statement.subject.push({ digest: { sha256: another.slice(7) } });
    const bundle = await signStatement(statement, signing.instance());
    expect((await verifyStatement(bundle, one, signing.identity(), signing.instance())).verified).toBe(true);
  });
});

describe("when a file's bundle is verified", () => {
  const data = Buffer.from("a chart");
  let bundle: StoredBundle;
  beforeAll(async () => {
    signing.runAs();
    bundle = await signBlob(data, signing.instance());
  });
  const verdictOf = (bytes: Buffer, changes = {}) =>
    verifyBlob(bundle, bytes, signing.identity(changes), signing.instance());

  it("holds", async () => {
    expect(await verdictOf(data)).toEqual({ verified: true, value: undefined });
  });
  it.each(["a charT", "a chart ", ""])("is refused for other bytes: %j", async (text) => {
    expect((await verdictOf(Buffer.from(text))).verified).toBe(false);
  });
  it.each([{ workflow: "evil/widgets/.github/workflows/release.yml" }, { issuer: "https://example.com" }])(
    "is refused for %j",
    async (changes) => {
      expect((await verdictOf(data, changes)).verified).toBe(false);
    },
  );
  it("is refused without its log entry", async () => {
    const copy = structuredClone(bundle);
    copy.verificationMaterial.tlogEntries = [];
    expect(await verifyBlob(copy, data, signing.identity(), signing.instance())).toMatchObject({
      verified: false,
      reason: expect.stringContaining("tlog entries"),
    });
  });
});

describe("when the trusted root cannot be used", () => {
  const broken = async (text: string | undefined): Promise<string> => {
    const file = join(signing.sandbox.folder, `trusted_root.${text?.length ?? "none"}.json`);
    if (text !== undefined) await writeFile(file, text);
    return file;
  };
  it.each([
    ["is not there", undefined],
    ["is no JSON", "{"],
    ["is JSON of something else", "{}"],
  ] as const)("is an error that names the file, not a finding about the bundle: it %s", async (_, text) => {
    const trustedRoot = await broken(text);
    const bundle = await signBlob(Buffer.from("x"), signing.instance());
    const verified = verifyBlob(bundle, Buffer.from("x"), signing.identity(), { trustedRoot });
    await expect(verified).rejects.toThrow(trustedRoot);
  });
  it("refuses what another Sigstore signed", async () => {
    const root = JSON.parse(await readFile(signing.sandbox.sigstore.trustedRoot, "utf8")) as Record<
      "certificateAuthorities" | "timestampAuthorities",
      object[]
    >;
    const others = { ...root, certificateAuthorities: root.timestampAuthorities };
    const trustedRoot = await broken(JSON.stringify(others));
    const bundle = await signBlob(Buffer.from("x"), signing.instance());
    expect((await verifyBlob(bundle, Buffer.from("x"), signing.identity(), { trustedRoot })).verified).toBe(false);
  });
});
