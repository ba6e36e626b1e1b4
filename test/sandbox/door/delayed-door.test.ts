import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDoor } from "../../../sandbox/door/door.ts";
import { createFaults } from "../../../sandbox/door/faults.ts";
import { openJournal } from "../../../sandbox/door/journal.ts";
import type { Journal } from "../../../sandbox/door/journal.ts";
import type { OpenPort } from "../../../sandbox/door/open-port.ts";
import { PortTaken } from "../../../sandbox/host/folder.ts";

const roundTrip = 30;
const large = Buffer.alloc(3_000_000, "0123456789");
const faults = createFaults();
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let folder: string;
let journal: Journal;
let door: OpenPort;
let port: number;

const open = (wished: number): Promise<OpenPort> =>
  openDoor({
    port: wished,
    journal,
    faults,
    delay: roundTrip,
    doorOf: () => "github",
    repositoryOf: () => undefined,
    async handle(exchange) {
      const pieces: Buffer[] = [];
      for await (const piece of exchange.body()) {
        pieces.push(piece);
      }
      return { status: 200, body: exchange.path === "/echo" ? Buffer.concat(pieces) : "hello" };
    },
    onFailure: () => undefined,
  });

/** Makes a request on the one kept connection. */
async function ask(path: string, body?: Buffer): Promise<{ text: string; took: number; reused: boolean }> {
  const begin = performance.now();
  const outgoing = request({ agent, host: "127.0.0.1", port, path, method: body === undefined ? "GET" : "PUT" });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on("response", resolve).on("error", reject);
  });
  outgoing.end(body);
  const text = Buffer.concat(await (await answered).toArray()).toString();
  return { text, took: performance.now() - begin, reused: outgoing.reusedSocket };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "delayed-door-"));
  journal = await openJournal(join(folder, "journal.jsonl"));
  const probe = createServer();
  port = await new Promise((resolve) => {
    probe.listen(0, "127.0.0.1", () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });
  door = await open(port);
});
afterAll(async () => {
  agent.destroy();
  await door.close();
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});

describe("openDoor, with a delay", () => {
  it("answers after two round trips on a new connection, after one on a kept one", async () => {
    const first = await ask("/");
    const second = await ask("/");
    expect([first.text, first.reused, second.text, second.reused]).toEqual(["hello", false, "hello", true]);
    expect(first.took).toBeGreaterThanOrEqual(2 * roundTrip);
    expect(second.took).toBeGreaterThanOrEqual(roundTrip);
  });
  it("passes large bodies on whole, both ways", async () => {
    expect((await ask("/echo", large)).text === large.toString()).toBe(true);
  });
  it("passes on that a connection is reset", async () => {
    faults.add({ door: "github", method: "GET", path: /./, when: "before", act: "reset" });
    await expect(ask("/")).rejects.toMatchObject({ code: "ECONNRESET" });
  });
  it("notes in its journal that the peer is gone", async () => {
    const arrived = Promise.withResolvers<void>();
    const mark = journal.mark();
    const abort = new AbortController();
    const act = (): void => arrived.resolve();
    faults.add({ door: "github", method: "GET", path: /./, when: "before", act });
    faults.add({ door: "github", method: "GET", path: /./, when: "after", act: "hang" });
    const cut = fetch(`http://127.0.0.1:${port}/`, { signal: abort.signal }).catch(() => undefined);
    await arrived.promise;
    abort.abort();
    await cut;
    await expect.poll(() => journal.since(mark)[0]?.end).toBeLessThan(Infinity);
    expect(journal.since(mark).map(({ status }) => status)).toEqual([0]);
  });
  it("says that its port is in use", async () => {
    await expect(open(port)).rejects.toBeInstanceOf(PortTaken);
  });
});
