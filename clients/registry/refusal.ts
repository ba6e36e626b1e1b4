import { z } from "zod";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { parseCheckedJson } from "../../formats/checked-json.ts";
import { readBodyStart } from "../bounded-body.ts";
import { readRetryAfter } from "../retry-after.ts";

/** Source: OCI distribution-spec 1.1, "Error Codes". */
const Refused = z.object({
  errors: z.array(z.object({ code: z.string().nullish(), message: z.string().nullish() })).max(100),
});

/** The most characters of a refusal that are shown. */
const longestWords = 1000;

/** Reads the words of a registry's refusal: `DENIED: permission_denied: write_package`. HEAD answers have none. */
export async function readRegistryWords(answer: Response): Promise<string> {
  const text = await readBodyStart(answer);
  try {
    const { errors } = parseCheckedJson(Refused, Buffer.from(text));
    const words = errors.map(({ code, message }) => [code, message].filter(Boolean).join(": ")).join("; ");
    if (words) {
      return words.slice(0, longestWords);
    }
  } catch {
    // Proxies in front of registries answer with HTML: its first line is better than nothing.
  }
  return text.trim().split("\n", 1)[0]?.slice(0, 200) || answer.statusText || "no words";
}

/**
 * Turns a registry's refusal into an error, with its words and the time that it asks to wait.
 * @param method of the request
 */
export async function readRegistryRefusal(answer: Response, method: string): Promise<ServerRefusal> {
  return new ServerRefusal({
    request: describeRequest(answer, method),
    status: answer.status,
    words: await readRegistryWords(answer),
    retryAfter: readRetryAfter(answer.headers.get("retry-after")),
  });
}

/** Describes the answered request for an error: "METHOD address". */
export function describeRequest({ url }: Response, method: string): string {
  // A registry may have redirected us to a storage whose address contains a signature: a secret while it is valid.
  return `${method} ${url.split("?", 1)[0]}`;
}
