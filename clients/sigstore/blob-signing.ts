import { createHash, createSign, generateKeyPair, sign, X509Certificate } from "node:crypto";
import { createReadStream } from "node:fs";
import { promisify } from "node:util";
import { toMessageSignatureBundle } from "@sigstore/bundle";
import type { FileSource } from "../file-source.ts";
import type { BundleWithMessageSignature } from "@sigstore/bundle";
import { MessageSignatureBundleBuilder } from "@sigstore/sign";
import type { Artifact, BundleBuilderOptions, Signature, Signer } from "@sigstore/sign";
import { ReleaseError } from "../../errors/release-error.ts";
import { makeBundle } from "./signing.ts";
import type { StoredBundle } from "./signing.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";

/** A file to sign, read as a stream because it may have 2 GiB; or a text that was made in memory. */
export interface SignableFile {
  name: string;
  /** Hex, 64 digits. */
  sha256: string;
  source: FileSource;
}

/** A placeholder for the file when the library asks for its bytes. */
const theFile = Buffer.alloc(0);

/**
 * Signs the bytes of a file. They are read first, so that reading does not use up the minutes for which the certificate is valid.
 * @throws as signStatement(); ReleaseError ASSET_CONFLICT if the file's sha256 has changed
 */
export async function signBlob(file: SignableFile, instance: SigstoreFiles): Promise<StoredBundle> {
  const key = await makeKey(file);
  return makeBundle(instance, (parts) => new BlobBundleBuilder(parts, file.sha256).create({ data: theFile }), key);
}

/** Makes a key that is used once, for this file. It has already signed the file, and signs Fulcio's challenge when asked. */
async function makeKey(file: SignableFile): Promise<Signer> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  const [signing, hash] = [createSign("sha256"), createHash("sha256")];
  for await (const chunk of await readChunks(file)) {
    signing.update(chunk);
    hash.update(chunk);
  }
  const found = hash.digest("hex");
  if (found !== file.sha256) {
    throw makeChangedFileError(file, found);
  }
  const ofFile = signing.sign(privateKey);
  const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
  return {
    async sign(data) {
      const signature = data === theFile ? ofFile : sign("sha256", data, privateKey);
      return { signature, key: { $case: "publicKey", publicKey: pem } };
    },
  };
}

async function readChunks({ source }: SignableFile): Promise<AsyncIterable<Buffer> | Buffer[]> {
  if ("path" in source) {
    return createReadStream(source.path);
  }
  return ["text" in source ? Buffer.from(source.text) : await source.make()];
}

function makeChangedFileError({ name, sha256 }: SignableFile, found: string): ReleaseError {
  return new ReleaseError({
    code: "ASSET_CONFLICT",
    step: `signing ${name}`,
    reason: `${name} had sha256 ${sha256} when the release began; now it has ${found}`,
    meaning: "The file changed while the release ran. It was not signed.",
    fix: "Make sure that nothing writes the file, then run it again.",
  });
}

/** The library's builder writes bundles of version 0.2 with a chain and hashes the bytes; this one writes 0.3 with a single certificate. */
class BlobBundleBuilder extends MessageSignatureBundleBuilder {
  readonly #digest: Buffer;

  constructor(parts: BundleBuilderOptions, sha256: string) {
    super(parts);
    this.#digest = Buffer.from(sha256, "hex");
  }

  protected override async package(
    _artifact: Artifact,
    { key, signature }: Signature,
  ): Promise<BundleWithMessageSignature> {
    if (key.$case !== "x509Certificate") {
      throw new Error("Fulcio returned no certificate");
    }
    const certificate = new X509Certificate(key.certificate).raw;
    return toMessageSignatureBundle({ digest: this.#digest, signature, certificate, certificateChain: false });
  }
}
