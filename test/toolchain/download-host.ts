import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { MadeUpMachine } from "./made-up-machine.ts";

/** How a host of downloads answers for one file. */
export type Answer =
  /** The whole file. */
  | { bytes: Buffer }
  /** Says how long it is, sends half of it and hangs up. */
  | { cut: Buffer }
  /** Sends half of it and then nothing, without hanging up. */
  | { stalled: Buffer }
  /** Sends it byte by byte and never comes to an end. */
  | { dripping: Buffer }
  /** Accepts the connection and says nothing. */
  | "silent"
  /** The host cannot be reached. */
  | "refused"
  /** A status and no file. */
  | number;

/** Puts a server on loopback in the place of every host of downloads: files by their address, all others are missing (404). */
export async function serveDownloads(machine: MadeUpMachine, files: Readonly<Record<string, Answer>>): Promise<void> {
  const server = createServer((request, response) => {
    void respond(response, files[`https:/${request.url}`] ?? 404);
  });
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const closed = createServer();
  const closedPort = await listen(closed);
  await new Promise((resolve) => closed.close(resolve));
  machine.fetch = async (url, init) => {
    machine.asked.push(`${init.method} ${url}`);
    const there = files[url] === "refused" ? closedPort : port;
    return fetch(`http://127.0.0.1:${there}/${url.slice("https://".length)}`, init);
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function respond(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer === "silent" || answer === "refused") {
    return;
  }
  if (typeof answer === "number") {
    response.writeHead(answer).end();
    return;
  }
  const [[how, bytes] = ["bytes", Buffer.of()]] = Object.entries(answer) as [string, Buffer][];
  response.writeHead(200, { "content-length": bytes.length * (how === "dripping" ? 1000 : 1) });
  if (how === "bytes") {
    response.end(bytes);
    return;
  }
  if (how === "dripping") {
    const drop = setInterval(() => response.write("."), 10);
    response.on("close", () => clearInterval(drop));
    return;
  }
  response.write(bytes.subarray(0, bytes.length / 2), () => {
    if (how === "cut") {
      response.destroy();
    }
  });
}
