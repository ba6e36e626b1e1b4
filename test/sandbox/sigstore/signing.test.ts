import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { signBlob, signStatement, statementOfTest, verifyBundle } from "./sigstore-client.ts";
import { temporarySandbox } from "../temporary-sandbox.ts";

const ownWorkflow = "https://github.com/acme/widgets/.github/workflows/release.yml@refs/heads/main";
let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
});
afterAll(async () => {
  const violations = sandbox.violations();
  await forget();
  expect(violations).toEqual([]);
});

describe.each([1, 2] as const)("the sandbox's Sigstore, when something is signed over Rekor %i", (rekor) => {
  it("gives a statement that verifies", async () => {
    const bundle = await signStatement(sandbox.sigstore, { rekor });
    expect(await verifyBundle(sandbox.sigstore, bundle, ownWorkflow)).toBe(ownWorkflow);
  });
  it("gives a blob's signature that verifies", async () => {
    const blob = Buffer.from("a chart");
    const bundle = await signBlob(sandbox.sigstore, blob, { rekor });
    expect(await verifyBundle(sandbox.sigstore, bundle, ownWorkflow, blob)).toBe(ownWorkflow);
  });
  it("verifies every one of fifteen entries against the tree of its time", async () => {
    const bundles = [];
    for (let index = 0; index < 15; index += 1) {
      bundles.push(await signStatement(sandbox.sigstore, { rekor }));
    }
    const verified = await Promise.all(bundles.map((bundle) => verifyBundle(sandbox.sigstore, bundle, ownWorkflow)));
    expect(verified).toEqual(bundles.map(() => ownWorkflow));
  });
  it("counts one entry a signature", async () => {
    const before = sandbox.sigstore.entries();
    await signStatement(sandbox.sigstore, { rekor });
    expect(sandbox.sigstore.entries()).toBe(before + 1);
  });
  it("is refused by a verifier that expects somebody else", async () => {
    const bundle = await signStatement(sandbox.sigstore, { rekor });
    await expect(verifyBundle(sandbox.sigstore, bundle, ownWorkflow.replace("acme", "evil"))).rejects.toThrow(
      "certificate identity error",
    );
  });
  it("is refused by a verifier that expects another issuer", async () => {
    const { sigstore } = sandbox;
    const bundle = await signStatement(sigstore, { rekor });
    const expected = { trustedRoot: sigstore.trustedRoot, issuer: "https://token.actions.githubusercontent.com" };
    await expect(verifyBundle(expected, bundle, ownWorkflow)).rejects.toThrow("invalid certificate extension");
  });
  it("is refused when the log entry is removed", async () => {
    const bundle = await signStatement(sandbox.sigstore, { rekor });
    bundle.verificationMaterial.tlogEntries = [];
    await expect(verifyBundle(sandbox.sigstore, bundle, ownWorkflow)).rejects.toThrow("expected 1 tlog entries, got 0");
  });
  it("is refused when the log entry is another signature's", async () => {
    const bundle = await signStatement(sandbox.sigstore, { rekor });
    const other = await signStatement(sandbox.sigstore, { rekor });
    bundle.verificationMaterial.tlogEntries = other.verificationMaterial.tlogEntries;
    await expect(verifyBundle(sandbox.sigstore, bundle, ownWorkflow)).rejects.toThrow("mismatch");
  });
  it("is refused when the entry claims another place in the log", async () => {
    const bundle = await signStatement(sandbox.sigstore, { rekor });
    const [entry] = bundle.verificationMaterial.tlogEntries;
    entry!.inclusionProof!.logIndex = "0";
    await expect(verifyBundle(sandbox.sigstore, bundle, ownWorkflow)).rejects.toMatchObject({
      code: "TLOG_INCLUSION_PROOF_ERROR",
    });
  });
  it("is refused when the payload is rewritten", async () => {
    const bundle = await signStatement(sandbox.sigstore, { rekor });
    const forged = { ...statementOfTest, subject: [{ digest: { sha256: "b".repeat(64) } }] };
    bundle.dsseEnvelope!.payload = Buffer.from(JSON.stringify(forged)).toString("base64");
    await expect(verifyBundle(sandbox.sigstore, bundle, ownWorkflow)).rejects.toThrow("mismatch");
  });
  it("is refused when the blob is another", async () => {
    const bundle = await signBlob(sandbox.sigstore, Buffer.from("a chart"), { rekor });
    await expect(verifyBundle(sandbox.sigstore, bundle, ownWorkflow, Buffer.from("another"))).rejects.toThrow(
      "signature verification failed",
    );
  });
});
