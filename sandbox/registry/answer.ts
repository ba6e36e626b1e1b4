import type { Answer } from "../door/answer.ts";

/** A JSON answer of the registry's. */
export function json(status: number, body: unknown): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** A refusal in the shape of the OCI distribution specification. */
export function refused(status: number, code: string, message: string): Answer {
  return json(status, { errors: [{ code, message }] });
}
