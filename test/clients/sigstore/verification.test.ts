import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { signBlob } from "../../../clients/sigstore/blob-signing.ts";
import { signStatement } from "../../../clients/sigstore/signing.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";
import { verifyBlob, verifyStatement } from "../../../clients/sigstore/verification.ts";
import {
  makeAttestationStatement,
  provenancePredicate,
  makeSignatureStatement,
} from "../../../formats/signing/statement.ts";
import { signingSandbox, tamperings, textFile } from "./signing-sandbox.ts";

const signing = signingSandbox();
const digest = `sha256:${"a".repeat(64)}`;
const another = `sha256:${"c".repeat(64)}`;

describe.each([1, 2] as const)("verifyStatement, when a statement's bundle is verified over Rekor %i", (rekor) => {
  let bundle: StoredBundle;
  let other: StoredBundle;
  beforeAll(async () => {
    signing.runAs();
    bundle = await signStatement(makeSignatureStatement(digest), signing.instance(rekor));
    signing.runAs();
    other = await signStatement(makeSignatureStatement(another), signing.instance(rekor));
  });
  const verdictOf = (one: unknown, about = digest, identity = signing.identity()) =>
    verifyStatement(one as StoredBundle, about, identity, signing.instance());

  it("holds", async () => {
    expect(await verdictOf(bundle)).toMatchObject({ verified: true, value: makeSignatureStatement(digest) });
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
    const blob = await signBlob(textFile("a file"), signing.instance(rekor));
    expect((await verdictOf(blob)).verified).toBe(false);
  });
  it.each([{}, "text", 1, null, { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" }])(
    "is refused where it is no bundle: %j",
    async (nonsense) => {
      expect((await verdictOf(nonsense)).verified).toBe(false);
    },
  );
});

describe("verifyStatement, when a bundle has no timestamp", () => {
  it.each([
    [1, true],
    [2, false],
  ] as const)(
    "stands by the time in the log's entry, which Rekor 2 does not give: Rekor %i, %s",
    async (rekor, holds) => {
      const bundle = await signStatement(makeSignatureStatement(digest), signing.instance(rekor));
      const { timestampVerificationData: removed, ...verificationMaterial } = bundle.verificationMaterial;
      expect(removed?.rfc3161Timestamps.length).toBe(1);
      const without = { ...bundle, verificationMaterial } as StoredBundle;
      expect((await verifyStatement(without, digest, signing.identity(), signing.instance())).verified).toBe(holds);
    },
  );
});

describe("verifyStatement, when a statement has several subjects", () => {
  it.each([digest, another])("holds for %s", async (one) => {
    const statement = makeAttestationStatement("acme/app", digest, provenancePredicate, {});
    statement.subject.push({ digest: { sha256: another.slice(7) } });
    const bundle = await signStatement(statement, signing.instance());
    expect((await verifyStatement(bundle, one, signing.identity(), signing.instance())).verified).toBe(true);
  });
});

describe.each([1, 2] as const)("verifyBlob, when a file's bundle is verified over Rekor %i", (rekor) => {
  const file = textFile("a chart");
  const elsewhere = textFile("another chart");
  let bundle: StoredBundle;
  let other: StoredBundle;
  beforeAll(async () => {
    signing.runAs();
    bundle = await signBlob(file, signing.instance(rekor));
    signing.runAs();
    other = await signBlob(elsewhere, signing.instance(rekor));
  });
  const verdictOf = (one: unknown = bundle, about = file, changes = {}) =>
    verifyBlob(JSON.stringify(one), about.sha256, signing.identity(changes), signing.instance());

  it("holds, and tells the bare signature", async () => {
    expect(await verdictOf()).toMatchObject({ verified: true, value: bundle.messageSignature?.signature });
  });
  it.each(["a charT", "a chart ", ""])("is refused for other bytes: %j", async (text) => {
    expect(await verdictOf(bundle, textFile(text))).toEqual({ verified: false, reason: "is about other bytes" });
  });
  it.each([{ workflow: "evil/widgets/.github/workflows/release.yml" }, { issuer: "https://example.com" }])(
    "is refused for %j",
    async (changes) => {
      expect((await verdictOf(bundle, file, changes)).verified).toBe(false);
    },
  );
  const messageSignature = (from: StoredBundle) => from.messageSignature as NonNullable<typeof from.messageSignature>;
  const material = (changes: object) => ({
    ...bundle,
    verificationMaterial: { ...bundle.verificationMaterial, ...changes },
  });
  const forgeries: [string, () => unknown, RegExp][] = [
    ["another file's bundle", () => other, /is about other bytes/],
    [
      "another file's bundle under this file's digest",
      () => {
        const { messageDigest } = messageSignature(bundle);
        return { ...other, messageSignature: { ...messageSignature(other), messageDigest } };
      },
      /mismatch/,
    ],
    [
      "another file's signature",
      () => {
        const { signature } = messageSignature(other);
        return { ...bundle, messageSignature: { ...messageSignature(bundle), signature } };
      },
      /timestamp|mismatch|signature/,
    ],
    ["another bundle's certificate", () => material({ certificate: other.verificationMaterial.certificate }), /./],
    [
      "another bundle's log entry",
      () => material({ tlogEntries: other.verificationMaterial.tlogEntries }),
      /mismatch|timestamp/,
    ],
    ["a removed log entry", () => material({ tlogEntries: [] }), /expected 1 tlog entries, got 0/],
    [
      "a digest that is not named",
      () => ({ ...bundle, messageSignature: { signature: messageSignature(bundle).signature } }),
      /./,
    ],
    ["nothing signed", () => ({ ...bundle, messageSignature: undefined }), /./],
    ["no bundle", () => ({}), /./],
  ];
  it.each(forgeries)("is refused: %s", async (_, forged, words) => {
    expect(await verdictOf(forged())).toEqual({ verified: false, reason: expect.stringMatching(words) });
  });
  it("is refused where it holds a statement", async () => {
    const statement = await signStatement(makeSignatureStatement(`sha256:${file.sha256}`), signing.instance(rekor));
    expect(await verdictOf(statement)).toEqual({ verified: false, reason: "contains no signature of a file" });
  });
  it("is refused where it is not JSON", async () => {
    expect(await verifyBlob("{", file.sha256, signing.identity(), signing.instance())).toEqual({
      verified: false,
      reason: "is not JSON",
    });
  });
});

describe("trustedRootOf, when the trusted root cannot be used", () => {
  const broken = async (text: string | undefined): Promise<string> => {
    const file = join(signing.sandbox.folder, `trusted_root.${text?.length ?? "none"}.json`);
    if (text !== undefined) {
      await writeFile(file, text);
    }
    return file;
  };
  it.each([
    ["is not there", undefined],
    ["is not JSON", "{"],
    ["is JSON of something else", "{}"],
  ] as const)("is an error that names the file, not a finding about the bundle: it %s", async (_, text) => {
    const trustedRoot = await broken(text);
    const file = textFile("x");
    const bundle = JSON.stringify(await signBlob(file, signing.instance()));
    const verified = verifyBlob(bundle, file.sha256, signing.identity(), { trustedRoot });
    await expect(verified).rejects.toThrow(trustedRoot);
  });
  it("refuses what another Sigstore signed", async () => {
    const root = JSON.parse(await readFile(signing.sandbox.sigstore.trustedRoot, "utf8")) as Record<
      "certificateAuthorities" | "timestampAuthorities",
      object[]
    >;
    const others = { ...root, certificateAuthorities: root.timestampAuthorities };
    const trustedRoot = await broken(JSON.stringify(others));
    const file = textFile("x");
    const bundle = JSON.stringify(await signBlob(file, signing.instance()));
    expect((await verifyBlob(bundle, file.sha256, signing.identity(), { trustedRoot })).verified).toBe(false);
  });
});
