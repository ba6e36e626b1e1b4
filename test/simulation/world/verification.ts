import { signerMistake } from "../../../formats/signing/signer.ts";
import type { Signer } from "../../../formats/signing/signer.ts";
import type { SigningIdentity } from "../../../formats/signing/signing-policy.ts";
import { explainCommitMistake } from "../../../formats/signing/statement.ts";
import type { Statement } from "../../../formats/signing/statement.ts";
import { isSealed } from "./bundle.ts";
import type { SimulatedBundle } from "./bundle.ts";

/** As the product's own type. */
type Verdict<T> = { verified: true; value: T; signer: Signer } | { verified: false; reason: string };

/** Verifies a bundle with a statement about a digest. Replaces the product's function of that name. */
export async function verifyStatement(
  bundle: unknown,
  digest: string,
  identity: SigningIdentity,
): Promise<Verdict<Statement>> {
  return judgeStatement(bundle as SimulatedBundle, digest, identity);
}

/** The same at once, for the rules. */
export function judgeStatement(bundle: SimulatedBundle, digest: string, identity: SigningIdentity): Verdict<Statement> {
  const { content, signer } = bundle;
  const mistake = isSealed(bundle) ? signerMistake(identity, signer) : "has no seal";
  if (mistake !== undefined || "sha256" in content) {
    return { verified: false, reason: mistake ?? "contains no statement" };
  }
  const { statement } = content;
  if (!statement.subject.some((subject) => `sha256:${subject.digest.sha256}` === digest)) {
    return { verified: false, reason: "is about another digest" };
  }
  const commitMistake = explainCommitMistake(statement, signer);
  return commitMistake === undefined
    ? { verified: true, value: statement, signer }
    : { verified: false, reason: commitMistake };
}

/** Verifies the bundle of a file. Replaces the product's function of that name. */
export async function verifyBlob(text: string, sha256: string, identity: SigningIdentity): Promise<Verdict<string>> {
  return judgeBlob(text, sha256, identity);
}

/** The same at once, for the rules. */
export function judgeBlob(text: string, sha256: string, identity: SigningIdentity): Verdict<string> {
  let bundle: SimulatedBundle;
  try {
    bundle = JSON.parse(text) as SimulatedBundle;
  } catch {
    return { verified: false, reason: "is not JSON" };
  }
  if (!isSealed(bundle) || !("sha256" in bundle.content) || bundle.content.sha256 !== sha256) {
    return { verified: false, reason: "is about other bytes" };
  }
  const mistake = signerMistake(identity, bundle.signer);
  return mistake === undefined
    ? { verified: true, value: bundle.seal, signer: bundle.signer }
    : { verified: false, reason: mistake };
}
