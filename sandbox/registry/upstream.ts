import { once } from "node:events";
import { Agent, request } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";

/** The registry behind the door, which does the work. */
export interface RegistryUpstream {
  /** Forwards a request. Without a body it has none; `signal` aborts it. */
  send(
    method: string,
    path: string,
    options?: { headers?: IncomingHttpHeaders; body?: AsyncIterable<Buffer>; signal?: AbortSignal },
  ): Promise<IncomingMessage>;
  /** The whole body of a GET; undefined for any status but 200. */
  fetch(path: string): Promise<Buffer | undefined>;
  close(): void;
}

/** Talks to a registry on a loopback port over kept connections. */
export function openRegistryUpstream(port: number): RegistryUpstream {
  const agent = new Agent({ keepAlive: true });
  const send: RegistryUpstream["send"] = async (method, path, { headers = {}, body, signal } = {}) => {
    const outgoing = request({
      agent,
      host: "127.0.0.1",
      port,
      method,
      path,
      headers,
      ...(signal === undefined ? {} : { signal }),
    });
    const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
    const sent = body === undefined ? Promise.resolve(outgoing.end()) : pipeline(body, outgoing);
    // The answer may come before the body is sent (distribution refuses early): then the pipe breaks, as it should.
    sent.catch(() => undefined);
    const [answer] = await answered;
    return answer;
  };
  return {
    send,
    async fetch(path) {
      const answer = await send("GET", path);
      const bytes = await readWhole(answer);
      return answer.statusCode === 200 ? bytes : undefined;
    },
    close: () => agent.destroy(),
  };
}

/** Reads all bytes of an answer. */
export async function readWhole(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
