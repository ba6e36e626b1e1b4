import { createHash, createPublicKey, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import canonicalize from "canonicalize";
import type { Answer } from "../door/answer.ts";
import { jsonAnswer, ServiceError } from "./service-error.ts";
import type { LogEntry, TransparencyLog } from "./transparency-log.ts";

/** Rekor 1 (https://github.com/sigstore/rekor, openapi.yaml) over a log: the parts that clients use. */
export interface RekorV1 {
  /** `POST /api/v1/log/entries`: 201 with the entry, 409 with the `Location` of an equal one. */
  create(body: string): Promise<Answer>;
  /** `GET /api/v1/log/entries/UUID`. */
  read(uuid: string): Answer;
  /** `GET /api/v1/log/entries?logIndex=`. */
  readIndex(index: number): Answer;
  /** `GET /api/v1/log`. */
  state(): Answer;
}

/** Number of the tree: it marks the checkpoint's origin as version 1, and begins every uuid. */
export const treeId = 123;

interface Proposed {
  apiVersion?: string;
  kind?: string;
  spec?: Record<string, unknown>;
}

/**
 * Opens Rekor 1 over a log. It accepts `dsse` and `hashedrekord` entries of version 0.0.1. It checks a DSSE signature,
 * but not that of a hashedrekord, because Node cannot check a signature over a digest alone.
 */
export function openRekorV1(log: TransparencyLog): RekorV1 {
  const answer = (status: number, entry: LogEntry): Answer => {
    const { rootHash, hashes, ...proof } = log.prove(entry);
    const promised = {
      body: entry.body.toString("base64"),
      integratedTime: entry.integratedTime,
      logID: log.id.toString("hex"),
      logIndex: entry.index,
    };
    const verification = {
      inclusionProof: {
        ...proof,
        logIndex: entry.index,
        rootHash: rootHash.toString("hex"),
        hashes: hashes.map((hash) => hash.toString("hex")),
      },
      signedEntryTimestamp: log.sign(Buffer.from(canonicalize(promised) ?? "")).toString("base64"),
    };
    const uuid = uuidOf(entry);
    // Clients in Go look the entry up in the answer by its ETag.
    const headers = { etag: uuid, location: locationOf(uuid) };
    return jsonAnswer(status, { [uuid]: { ...promised, verification } }, headers);
  };
  const found = (entry: LogEntry | undefined): Answer => {
    if (entry === undefined) {
      throw new ServiceError(404, 404, "entry not found");
    }
    return answer(200, entry);
  };
  return {
    async create(text) {
      const body = Buffer.from(canonicalize(entryOf(parse(text))) ?? "");
      const equal = log.find({ body });
      if (equal !== undefined) {
        const uuid = uuidOf(equal);
        const message = `an equivalent entry already exists in the transparency log with UUID ${uuid}`;
        throw new ServiceError(409, 409, message, { location: locationOf(uuid) });
      }
      return answer(201, await log.append(body));
    },
    read: (uuid) => found(log.find({ hash: uuid.slice(-64) })),
    readIndex: (index) => found(log.find({ index })),
    state: () => jsonAnswer(200, { treeID: String(treeId), treeSize: log.size, publicKeyID: log.id.toString("hex") }),
  };
}

function uuidOf({ hash }: LogEntry): string {
  return treeId.toString(16).padStart(16, "0") + hash;
}

function locationOf(uuid: string): string {
  return `/api/v1/log/entries/${uuid}`;
}

function parse(text: string): Proposed {
  try {
    return (JSON.parse(text) ?? {}) as Proposed;
  } catch {
    throw invalid("the body is not JSON");
  }
}

/** Makes the log's entry for a proposed one. */
function entryOf(proposed: Proposed): Proposed {
  const { apiVersion, kind, spec = {} } = proposed;
  if (apiVersion === "0.0.1" && kind === "hashedrekord") {
    const { data, signature } = spec as {
      data?: { hash?: { value?: string } };
      signature?: { content?: string; publicKey?: { content?: string } };
    };
    if (!/^[0-9a-f]{64}$/.test(data?.hash?.value ?? "") || !signature?.content) {
      throw invalid("hash or signature is missing");
    }
    keyOf(signature.publicKey?.content ?? "");
    return { apiVersion, kind, spec };
  }
  if (apiVersion !== "0.0.1" || kind !== "dsse") {
    throw invalid(`unsupported type ${String(kind)} ${String(apiVersion)}`);
  }
  const { envelope = "", verifiers = [] } = (spec["proposedContent"] ?? {}) as {
    envelope?: string;
    verifiers?: string[];
  };
  const { payloadType, payload, signatures } = parse(envelope) as {
    payloadType?: string;
    payload?: string;
    signatures?: { sig: string }[];
  };
  if (payloadType === undefined || payload === undefined || !signatures?.length) {
    throw invalid("payload, payloadType or signatures are missing from the envelope");
  }
  const content = Buffer.from(payload, "base64");
  const signed = preAuthEncoding(payloadType, content);
  return {
    apiVersion,
    kind,
    spec: {
      envelopeHash: sha256(Buffer.from(envelope)),
      payloadHash: sha256(content),
      signatures: signatures.map(({ sig }) => {
        const bytes = Buffer.from(sig, "base64");
        const verifier = verifiers.find((candidate) => verify("sha256", signed, keyOf(candidate), bytes));
        if (verifier === undefined) {
          throw invalid("signature of the envelope could not be verified");
        }
        return { signature: sig, verifier };
      }),
    },
  };
}

/** The bytes that a DSSE signature covers: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
function preAuthEncoding(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);
}

/** A certificate or a public key, PEM in base64. */
function keyOf(verifier: string): KeyObject {
  try {
    return createPublicKey(Buffer.from(verifier, "base64"));
  } catch {
    throw invalid("a verifier is neither a certificate nor a public key");
  }
}

function sha256(content: Buffer): { algorithm: string; value: string } {
  return { algorithm: "sha256", value: createHash("sha256").update(content).digest("hex") };
}

function invalid(reason: string): ServiceError {
  return new ServiceError(400, 400, `error processing entry: ${reason}`);
}
