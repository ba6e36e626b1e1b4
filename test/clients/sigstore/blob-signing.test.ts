import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signBlob } from "../../../clients/sigstore/blob-signing.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";
import { verifyBlob } from "../../../clients/sigstore/verification.ts";
import { ReleaseError } from "../../../errors/release-error.ts";
import { failure } from "../failure.ts";
import { signingSandbox, textFile } from "./signing-sandbox.ts";

const signing = signingSandbox();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blob-signing-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes a file and its bundle side by side, as they stand on a Release. */
async function signed(name: string, bytes: Buffer, rekor: 1 | 2 = 1) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const bundle = await signBlob({ name, sha256, source: { path } }, signing.instance(rekor));
  await writeFile(`${path}.sigstore.json`, JSON.stringify(bundle));
  return { path, sha256, bundle };
}

/** Turns one bit of a file. */
async function damage(path: string, at: number): Promise<void> {
  const file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  await file.write(Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, at);
  await file.close();
}

describe.each([1, 2] as const)("signBlob, when a file of 50 MB is signed over Rekor %i", (rekor) => {
  const size = 50_000_000;
  let path: string;
  let sha256: string;
  let bundle: StoredBundle;
  beforeAll(async () => {
    signing.runAs();
    ({ path, sha256, bundle } = await signed(`large-${rekor}.bin`, randomBytes(size), rekor));
  });
  const cosign = () => signing.cosign("verify-blob", "--bundle", `${path}.sigstore.json`, path);

  it("has a bundle that cosign accepts", async () => {
    const run = await cosign();
    expect(run.exitCode, run.output).toBe(0);
  });
  it("has a bundle that verifies by the sha256 alone", async () => {
    const verdict = await verifyBlob(JSON.stringify(bundle), sha256, signing.identity(), signing.instance());
    expect(verdict).toMatchObject({ verified: true, value: bundle.messageSignature?.signature });
  });
  it.each([0, size / 2, size - 1])("is refused by cosign with another bit in byte %i", async (at) => {
    await damage(path, at);
    expect((await cosign()).exitCode).not.toBe(0);
    await damage(path, at);
    expect((await cosign()).exitCode).toBe(0);
  });
});

describe("signBlob, when only the bare signature of a file is used", () => {
  let path: string;
  let key: string;
  beforeAll(async () => {
    signing.runAs();
    const made = await signed("chart.tgz", Buffer.from("the chart"));
    ({ path } = made);
    const signature = made.bundle.messageSignature?.signature ?? "";
    await writeFile(`${path}.sig`, signature);
    await writeFile(`${path}.raw`, Buffer.from(signature, "base64"));
    const certificate = made.bundle.verificationMaterial.certificate?.rawBytes ?? "";
    key = join(folder, "key.pem");
    const { publicKey } = new X509Certificate(Buffer.from(certificate, "base64"));
    await writeFile(key, publicKey.export({ type: "spki", format: "pem" }));
  });
  const readers: [string, () => string[]][] = [
    ["openssl", () => ["openssl", "dgst", "-sha256", "-verify", key, "-signature", `${path}.raw`, path]],
    [
      "cosign, told that no log shall be asked",
      () => ["cosign", "verify-blob", "--key", key, "--signature", `${path}.sig`, "--insecure-ignore-tlog", path],
    ],
  ];
  it.each(readers)(
    "is accepted with the key of the certificate, and not for other bytes, by %s",
    async (_, command) => {
      const [program = "", ...rest] = command();
      const run = () => execa(program, rest, { env: signing.sandbox.environment, all: true, reject: false });
      const accepted = await run();
      expect(accepted.exitCode, accepted.all).toBe(0);
      await damage(path, 3);
      expect((await run()).exitCode).not.toBe(0);
      await damage(path, 3);
    },
  );
});

describe("signBlob, when a file is not what it was", () => {
  it("is not signed, and nobody is asked", async () => {
    const path = join(folder, "changed.txt");
    await writeFile(path, "after");
    const since = signing.sandbox.journal.mark();
    const { sha256 } = textFile("before");
    const work = signBlob({ name: "changed.txt", sha256, source: { path } }, signing.instance());
    const error = await failure<ReleaseError>(ReleaseError, work);
    expect([error.code, error.parts.reason]).toEqual(["ASSET_CONFLICT", expect.stringContaining(sha256)]);
    expect(signing.sandbox.journal.since(since, { door: "sigstore" })).toEqual([]);
  });
  it("is not signed where it is gone", async () => {
    const source = { path: join(folder, "gone.txt") };
    await expect(signBlob({ ...textFile(""), source }, signing.instance())).rejects.toThrow(/ENOENT.*gone\.txt/);
  });
});

describe("signBlob, when a file of 256 MiB is signed", () => {
  /** Of that many zero bytes. */
  const sha256 = "a6d72ac7690f53be6ae46ba88506bd97302a093f7108472bd9efc3cefda06484";
  let told: { bundle: StoredBundle; growth: number };
  beforeAll(async () => {
    signing.runAs();
    const path = join(folder, "huge.bin");
    const file = await open(path, "w");
    await file.truncate(256 * 1024 ** 2);
    await file.close();
    const { trustedRoot, signingConfig } = signing.instance();
    const script = join(import.meta.dirname, "sign-large-file.ts");
    const args = ["--expose-gc", script, path, sha256, trustedRoot, signingConfig];
    told = JSON.parse((await execa(process.execPath, args)).stdout) as typeof told;
  }, 120_000);

  it("has a bundle that verifies", async () => {
    const text = JSON.stringify(told.bundle);
    expect((await verifyBlob(text, sha256, signing.identity(), signing.instance())).verified).toBe(true);
  });
  it("does not grow the process by more than a quarter of it", () => {
    expect(told.growth).toBeLessThan(64 * 1024 ** 2);
  });
});
