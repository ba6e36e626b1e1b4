import { createHash } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import type { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import type { SignedEntity } from "@sigstore/verify";
import { signerMistake } from "../../formats/signing/signer.ts";
import type { Signer } from "../../formats/signing/signer.ts";
import type { SigningIdentity } from "../../formats/signing/signing-policy.ts";
import { explainCommitMistake, readStatement, statementPayloadType } from "../../formats/signing/statement.ts";
import type { Statement } from "../../formats/signing/statement.ts";
import { readSigner } from "./certificate-signer.ts";
import { DigestSignature } from "./digest-signature.ts";
import { encodeAuthoritiesOnce, encodeOnce } from "./encoded-once.ts";
import type { StoredBundle } from "./signing.ts";
import { readTrustedRoot } from "./sigstore-instance.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";

/** The result of verifying a bundle. */
export type Verdict<T> =
  | { verified: true; value: T; signer: Signer }
  /** Why not, in the verifier's words. */
  | { verified: false; reason: string };

/**
 * Verifies a bundle with a statement about a digest: certificate and its log entry, transparency log, timestamp, signature. It also
 * verifies what the library leaves to its caller: the signer's identity, that the statement is about this digest, and that provenance
 * names the commit of the signing run.
 * @throws Error if the trusted root cannot be read: that says nothing about the bundle
 */
export async function verifyStatement(
  bundle: StoredBundle,
  digest: string,
  identity: SigningIdentity,
  instance: SigstoreFiles,
): Promise<Verdict<Statement>> {
  const verifier = await makeVerifier(instance);
  return reachVerdict(() => {
    const parsed = bundleFromJSON(bundle);
    const entity = toSignedEntity(parsed);
    encodeCertificateOnce(entity);
    verifyOnce([bundle, instance.trustedRoot], () => verifier.verify(entity));
    const signer = requireExpectedSigner(entity, identity);
    if (parsed.content.$case !== "dsseEnvelope") {
      throw new Error("contains no statement");
    }
    const { payloadType, payload } = parsed.content.dsseEnvelope;
    if (payloadType !== statementPayloadType) {
      throw new Error(`contains ${payloadType}, not an in-toto statement`);
    }
    const statement = readStatement(payload);
    if (!statement.subject.some((subject) => `sha256:${subject.digest.sha256}` === digest)) {
      throw new Error("is about another digest");
    }
    const mistake = explainCommitMistake(statement, signer);
    if (mistake !== undefined) {
      throw new Error(mistake);
    }
    return { value: statement, signer };
  });
}

/**
 * Verifies the bundle of a file against the file's sha256: the bytes are not needed, because ECDSA signs their digest.
 * @param text the file's bundle
 * @param sha256 hex, 64 digits, of the bytes that should be signed
 * @returns the bare signature, base64
 * @throws as verifyStatement()
 */
export async function verifyBlob(
  text: string,
  sha256: string,
  identity: SigningIdentity,
  instance: SigstoreFiles,
): Promise<Verdict<string>> {
  const verifier = await makeVerifier(instance);
  return reachVerdict(() => {
    const parsed = bundleFromJSON(parseJson(text));
    if (parsed.content.$case !== "messageSignature") {
      throw new Error("contains no signature of a file");
    }
    const signature = new DigestSignature(parsed.content.messageSignature, sha256);
    const entity = { ...toSignedEntity(parsed), signature };
    encodeCertificateOnce(entity);
    verifyOnce([text, sha256, instance.trustedRoot], () => verifier.verify(entity));
    return { value: signature.signature.toString("base64"), signer: requireExpectedSigner(entity, identity) };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("is not JSON");
  }
}

const verifiers = new WeakMap<TrustedRoot, Verifier>();

async function makeVerifier(instance: SigstoreFiles): Promise<Verifier> {
  const root = await readTrustedRoot(instance);
  const thresholds = { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 1 };
  const known = verifiers.get(root);
  if (known !== undefined) {
    return known;
  }
  const material = toTrustMaterial(root);
  encodeAuthoritiesOnce(material);
  const verifier = new Verifier(material, thresholds);
  verifiers.set(root, verifier);
  return verifier;
}

function encodeCertificateOnce({ key }: SignedEntity): void {
  if (key.$case === "certificate") {
    encodeOnce(key.certificate);
  }
}

/** Hashes of all inputs that verified in this process. */
const verified = new Set<string>();

/**
 * Does work that throws unless its input verifies, once for each input. A result stays valid: a certificate is compared with the
 * time in the log, not with today's, and the trusted root is read once. A bundle is read back after it is attached, and all
 * statements about a digest are checked each time, so most work would be repeated.
 */
function verifyOnce(input: unknown, work: () => void): void {
  const key = createHash("sha256").update(JSON.stringify(input)).digest("hex");
  if (verified.has(key)) {
    return;
  }
  work();
  verified.add(key);
}

/** @throws Error if the bundle was not signed by the expected signer, or with a key instead of a certificate */
function requireExpectedSigner({ key }: SignedEntity, identity: SigningIdentity): Signer {
  if (key.$case !== "certificate") {
    throw new Error("was signed without a certificate");
  }
  const signer = readSigner(key.certificate);
  const mistake = signerMistake(identity, signer);
  if (mistake !== undefined) {
    throw new Error(mistake);
  }
  return signer;
}

/** A bundle that does not verify is a finding, not a failure. */
function reachVerdict<T>(work: () => { value: T; signer: Signer }): Verdict<T> {
  try {
    return { verified: true, ...work() };
  } catch (error) {
    return { verified: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
