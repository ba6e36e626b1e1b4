import { HashAlgorithm, TransparencyLogEntry } from "@sigstore/protobuf-specs";
import { CreateEntryRequest, Entry } from "@sigstore/protobuf-specs/rekor/v2";
import canonicalize from "canonicalize";
import type { Answer } from "../door/answer.ts";
import { jsonAnswer, ServiceError } from "./service-error.ts";
import type { TransparencyLog } from "./transparency-log.ts";

/** Rekor 2 (https://github.com/sigstore/rekor-tiles) over a log: answers `POST /api/v2/log/entries`. */
export type RekorV2 = (body: string) => Promise<Answer>;

/** gRPC codes; the gateway in front of the service answers them with HTTP 400 and 409. */
const invalidArgument = 3;
const alreadyExists = 6;

const entryKind = { kind: "hashedrekord", version: "0.0.2" };

/**
 * Opens Rekor 2 over a log. Like rekor-tiles from 2.3.0 on, it accepts `hashedrekord` only, and returns no time and no promise.
 * It answers at once (the real one waits for its next checkpoint) and does not check the signature, because Node cannot
 * check one over a digest alone.
 */
export function openRekorV2(log: TransparencyLog): RekorV2 {
  return async (text) => {
    const { spec } = parse(text);
    if (spec?.$case !== "hashedRekordRequestV002") {
      throw refusal("invalid type, must be hashedrekord");
    }
    const { digest, signature } = spec.hashedRekordRequestV002;
    if (digest.length !== 32 || signature?.verifier?.verifier === undefined || signature.content.length === 0) {
      throw refusal("invalid hashedrekord request");
    }
    const entry = Entry.toJSON({
      kind: entryKind.kind,
      apiVersion: entryKind.version,
      spec: {
        spec: {
          $case: "hashedRekordV002",
          hashedRekordV002: { data: { algorithm: HashAlgorithm.SHA2_256, digest }, signature },
        },
      },
    });
    const body = Buffer.from(canonicalize(entry) ?? "");
    const equal = log.find({ body });
    if (equal !== undefined) {
      const message = `an equivalent entry already exists in the transparency log with index ${equal.index}`;
      throw new ServiceError(409, alreadyExists, message, { "x-log-index": String(equal.index) });
    }
    const logged = await log.append(body);
    const index = String(logged.index);
    const { treeSize, rootHash, hashes, checkpoint } = log.prove(logged);
    const answer = TransparencyLogEntry.toJSON({
      logIndex: index,
      logId: { keyId: log.id },
      kindVersion: entryKind,
      integratedTime: "0",
      inclusionPromise: undefined,
      inclusionProof: {
        logIndex: index,
        treeSize: String(treeSize),
        rootHash,
        hashes,
        checkpoint: { envelope: checkpoint },
      },
      canonicalizedBody: body,
    });
    return jsonAnswer(201, answer);
  };
}

function parse(text: string): CreateEntryRequest {
  try {
    return CreateEntryRequest.fromJSON(JSON.parse(text));
  } catch {
    throw refusal("invalid hashedrekord request");
  }
}

function refusal(message: string): ServiceError {
  return new ServiceError(400, invalidArgument, message);
}
