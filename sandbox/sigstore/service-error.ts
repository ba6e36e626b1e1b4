import type { Answer } from "../door/answer.ts";

/** A refusal by one of the Sigstore services. */
export class ServiceError extends Error {
  readonly status: number;
  /** The `code` of the JSON body: a gRPC code at Fulcio and Rekor v2, the HTTP status at Rekor v1. */
  readonly code: number;
  readonly headers: Record<string, string>;

  constructor(status: number, code: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Makes a JSON answer. */
export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}
