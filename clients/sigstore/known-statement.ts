import type { SigningIdentity } from "../../formats/signing/signing-policy.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import type { Statement } from "../../formats/signing/statement.ts";
import { writeSortedJson } from "../../formats/sorted-json.ts";
import { contributeAnswer, findSharedAnswer } from "../shared-answers.ts";

/** What a verified statement says. */
export type KnownStatement = Pick<Statement, "predicateType" | "predicate">;

/** A bundle in a registry, and what it was verified against. */
export interface VerifiedBundle {
  /** With its registry, without a tag. */
  repository: string;
  /** The digest that the statement is about. */
  subject: string;
  /** Digest of the manifest that has the bundle. */
  manifest: string;
  identity: SigningIdentity;
  sigstore: SigstoreFiles;
}

/**
 * Shares within the run what a bundle says, which verified before: a manifest with an equal digest has an equal verdict. The caller has made sure
 * that it is still attached.
 */
export function contributeStatement(bundle: VerifiedBundle, statement: KnownStatement): Promise<void> {
  return contributeAnswer(nameQuestion(bundle), statement);
}

/** @returns undefined if no one in this run has shared it */
export function findKnownStatement(bundle: VerifiedBundle): Promise<KnownStatement | undefined> {
  return findSharedAnswer(nameQuestion(bundle));
}

function nameQuestion({ repository, subject, manifest, identity, sigstore }: VerifiedBundle): string[] {
  return ["statement", repository, subject, manifest, writeSortedJson([identity, sigstore])];
}
