import { bundleFromJSON } from "@sigstore/bundle";
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
    verifier.verify(toSignedEntity(parsed), policyOf(identity));
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
    verifier.verify({ ...toSignedEntity(parsed), signature }, policyOf(identity));
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

async function verifierOf(instance: SigstoreInstance): Promise<Verifier> {
  return new Verifier(toTrustMaterial(await trustedRootOf(instance)), {
    ctlogThreshold: 1,
    tlogThreshold: 1,
    timestampThreshold: 1,
  });
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
