import { createHash } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import type { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { identityPattern } from "../formats/signing-policy.ts";
import type { SigningIdentity } from "../formats/signing-policy.ts";
import { statementPayloadType } from "../formats/statement.ts";
import type { Statement } from "../formats/statement.ts";
import { DigestSignature } from "./digest-signature.ts";
import type { StoredBundle } from "./signing.ts";
import { trustedRootOf } from "./sigstore-instance.ts";
import type { SigstoreInstance } from "./sigstore-instance.ts";

/** What a look at a bundle found. */
export type Verdict<T> =
  | { verified: true; value: T }
  /** Why not, in the verifier's words, and who signed as far as the certificate tells. */
  | { verified: false; reason: string };

/**
 * Verifies a bundle that claims something of a digest: certificate and its log entry, transparency log, timestamp, signature, the
 * signer's identity, and (which the library leaves to its caller) that the statement is about this digest.
 * @throws Error where the trusted root cannot be read: that says nothing of the bundle
 */
export async function verifyStatement(
  bundle: StoredBundle,
  digest: string,
  identity: SigningIdentity,
  instance: SigstoreInstance,
): Promise<Verdict<Statement>> {
  const verifier = await verifierOf(instance);
  return verdict(() => {
    const parsed = bundleFromJSON(bundle);
    once([bundle, identity, instance.trustedRoot], () => verifier.verify(toSignedEntity(parsed), policyOf(identity)));
    if (parsed.content.$case !== "dsseEnvelope") throw new Error("holds no statement");
    const { payloadType, payload } = parsed.content.dsseEnvelope;
    if (payloadType !== statementPayloadType) throw new Error(`holds ${payloadType}, no in-toto statement`);
    const statement = JSON.parse(payload.toString("utf8")) as Statement;
    if (!statement.subject.some((subject) => `sha256:${subject.digest.sha256}` === digest)) {
      throw new Error("is about another digest");
    }
    return statement;
  });
}

/**
 * Verifies the bundle of a file against the file's sha256: the bytes are not needed, because ECDSA signs their digest.
 * @param text the bundle as it stands beside the file
 * @param sha256 hex, 64 digits, of the bytes that ought to be signed
 * @returns the bare signature, base64
 * @throws as verifyStatement()
 */
export async function verifyBlob(
  text: string,
  sha256: string,
  identity: SigningIdentity,
  instance: SigstoreInstance,
): Promise<Verdict<string>> {
  const verifier = await verifierOf(instance);
  return verdict(() => {
    const parsed = bundleFromJSON(jsonIn(text));
    if (parsed.content.$case !== "messageSignature") throw new Error("holds no signature of a file");
    const signature = new DigestSignature(parsed.content.messageSignature, sha256);
    const entity = { ...toSignedEntity(parsed), signature };
    once([text, sha256, identity, instance.trustedRoot], () => verifier.verify(entity, policyOf(identity)));
    return signature.signature.toString("base64");
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("is no JSON");
  }
}

const verifiers = new WeakMap<TrustedRoot, Verifier>();

async function verifierOf(instance: SigstoreInstance): Promise<Verifier> {
  const root = await trustedRootOf(instance);
  const thresholds = { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 1 };
  const verifier = verifiers.get(root) ?? new Verifier(toTrustMaterial(root), thresholds);
  verifiers.set(root, verifier);
  return verifier;
}

/** Hashes of everything that verified in this process. */
const verified = new Set<string>();

/**
 * Does work that throws unless its input verifies, once for each input. What verified does so for ever: a certificate is held against the
 * time in the log and not against today's, and the trusted root is read once. A bundle is read back after it was attached, and every
 * statement about a digest is looked at beside the others, so most work would be done again.
 */
function once(input: unknown, work: () => void): void {
  const key = createHash("sha256").update(JSON.stringify(input)).digest("hex");
  if (verified.has(key)) return;
  work();
  verified.add(key);
}

function policyOf(identity: SigningIdentity): { subjectAlternativeName: string; extensions: { issuer: string } } {
  return { subjectAlternativeName: identityPattern(identity), extensions: { issuer: identity.issuer } };
}

/** A bundle that does not verify is a finding, not a failure. */
function verdict<T>(work: () => T): Verdict<T> {
  try {
    return { verified: true, value: work() };
  } catch (error) {
    return { verified: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
