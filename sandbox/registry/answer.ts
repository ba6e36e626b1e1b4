import type { Answer } from "../door/answer.ts";

/** Makes a JSON answer of the registry. */
export function json(status: number, body: unknown): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** Makes a refusal in the form of the OCI distribution specification. */
export function refused(status: number, code: string, message: string): Answer {
  return json(status, { errors: [{ code, message }] });
}
