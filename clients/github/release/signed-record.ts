import { computeDigest } from "../../../formats/artifact/digest.ts";
import type { SigningPolicy } from "../../../formats/signing/signing-policy.ts";
import type { SigstoreFiles } from "../../../formats/signing/sigstore-files.ts";
import type { Signer } from "../../../formats/signing/signer.ts";
import { mostBytes } from "../../bounded-body.ts";
import { shareAnswer } from "../../shared-answers.ts";
import { verifyBlob } from "../../sigstore/verification.ts";
import type { Repository } from "../git-refs.ts";
import { allowMissing, gitHubApi } from "../github.ts";
import { readAssetText } from "./release-assets.ts";
import type { ReleaseAsset } from "./releases.ts";

/** The run that signed a file: its repository, `owner/name`, and its commit. */
export type SigningRun = Pick<Signer, "repository" | "commit">;

/** The record of a Release. */
export interface SignedRecord {
  text: string;
  /** Who signed it; undefined if its bundle is missing or does not verify. */
  signer: SigningRun | undefined;
}

/** The assets of a Release that a record is read from, and who must have signed it. */
export interface RecordAssets {
  repository: Repository;
  record: ReleaseAsset;
  bundle: ReleaseAsset | undefined;
  /** `off`, or who must have signed. */
  signing: SigningPolicy;
  sigstore: SigstoreFiles;
}

/**
 * Reads a record and verifies its bundle. If GitHub gives the digests of both, the answer is shared within the run: equal bytes have an equal
 * answer.
 * @returns undefined if the record is gone
 * @throws ServerRefusal
 */
export function shareSignedRecord(assets: RecordAssets): Promise<SignedRecord | undefined> {
  const question = nameQuestion(assets);
  const read = () => readSignedRecord(assets);
  return question === undefined ? read() : shareAnswer(question, read);
}

function nameQuestion({ repository, record, bundle, signing, sigstore }: RecordAssets): string[] | undefined {
  const digests = [record.digest, bundle === undefined ? "none" : bundle.digest];
  const [ofRecord, ofBundle] = digests;
  if (!ofRecord || !ofBundle) {
    return undefined;
  }
  const place = [gitHubApi(), repository.owner, repository.repo];
  return ["record", ...place, ofRecord, ofBundle, JSON.stringify([signing, sigstore])];
}

async function readSignedRecord({
  repository,
  record,
  bundle,
  signing,
  sigstore,
}: RecordAssets): Promise<SignedRecord | undefined> {
  // A twin may have replaced it since.
  const text = await allowMissing(readAssetText(repository, record, mostBytes.record));
  if (text === undefined) {
    return undefined;
  }
  if (signing === "off" || bundle === undefined || bundle.size > mostBytes.bundle) {
    return { text, signer: undefined };
  }
  const sha256 = computeDigest(text).slice("sha256:".length);
  const verdict = await verifyBlob(await readAssetText(repository, bundle), sha256, signing, sigstore);
  return { text, signer: verdict.verified ? verdict.signer : undefined };
}
