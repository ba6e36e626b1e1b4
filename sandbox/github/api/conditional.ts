import { createHash } from "node:crypto";
import type { Answer } from "../../door/answer.ts";
import type { ApiExchange } from "./api-exchange.ts";

/**
 * Adds an entity tag to an answer; answers 304 without a body if the caller already has it (`If-None-Match`), as
 * GitHub does for every GET. The tags are weak, like GitHub's.
 */
export function conditional({ method, headers: sent }: ApiExchange, answer: Answer): Answer {
  const { status, headers, body } = answer;
  if (method !== "GET" || status !== 200 || typeof body !== "string") {
    return answer;
  }
  const etag = `W/"${createHash("sha256").update(body).digest("hex")}"`;
  const known = (sent["if-none-match"] ?? "").split(",").map((one) => one.trim());
  if (known.some((one) => one === "*" || one.replace(/^W\//, "") === etag.slice(2))) {
    return { status: 304, headers: { ...headers, etag } };
  }
  return { status, headers: { ...headers, etag }, body };
}
