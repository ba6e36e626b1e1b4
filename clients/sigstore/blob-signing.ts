import { createHash, createSign, X509Certificate } from "node:crypto";
import { createReadStream } from "node:fs";
import { toMessageSignatureBundle } from "@sigstore/bundle";
import type { FileSource } from "../file-source.ts";
import type { BundleWithMessageSignature } from "@sigstore/bundle";
import { MessageSignatureBundleBuilder } from "@sigstore/sign";
import type { Artifact, BundleBuilderOptions, Signature } from "@sigstore/sign";
import { ReleaseError } from "../../errors/release-error.ts";
import { takeKey } from "./run-key.ts";
import { makeBundle } from "./signing.ts";
import type { MadeSignature, StoredBundle } from "./signing.ts";
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
  const signed = await signFile(file);
  return makeBundle(instance, (parts) => new BlobBundleBuilder(parts, file.sha256).create({ data: theFile }), signed);
}

async function signFile(file: SignableFile): Promise<MadeSignature> {
  const key = await takeKey();
  const [signing, hash] = [createSign("sha256"), createHash("sha256")];
  for await (const chunk of await readChunks(file)) {
    signing.update(chunk);
    hash.update(chunk);
  }
  const found = hash.digest("hex");
  if (found !== file.sha256) {
    throw makeChangedFileError(file, found);
  }
  return { signature: signing.sign(key.privateKey), key };
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
