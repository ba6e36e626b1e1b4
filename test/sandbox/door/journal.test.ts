import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRead, openJournal, withoutCredentials } from "../../../sandbox/door/journal.ts";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { githubClient } from "../github-client.ts";
import { registryClient } from "../registry-client.ts";
import { temporarySandbox } from "../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  await sandbox.github.createRepository("acme/widgets");
});
afterAll(() => forget());

describe("the journal, when exchanges go through several doors", () => {
  it("counts begins and ends in one order", async () => {
    const mark = sandbox.journal.mark();
    const client = registryClient(sandbox);
    await githubClient(sandbox).get("/repos/acme/widgets");
    await client.send("GET", "/v2/", "");
    await fetch(`${sandbox.addresses.web}/acme/widgets/releases`);
    const entries = sandbox.journal.since(mark);
    expect(entries.map(({ door, status }) => [door, status])).toEqual([
      ["github", 200],
      ["registry", 401],
      ["web", 200],
    ]);
    const ticks = entries.flatMap(({ begin, end }) => [begin, end]);
    expect(ticks).toEqual([1, 2, 3, 4, 5, 6].map((step) => mark + step));
  });
  it("begins what is sent after an answer after that answer's end, a hundred times", async () => {
    const mark = sandbox.journal.mark();
    for (let index = 0; index < 50; index += 1) {
      await fetch(`http://${sandbox.addresses.registry}/v2/`);
      await fetch(`${sandbox.addresses.api}/rate_limit`);
    }
    const entries = sandbox.journal.since(mark);
    expect(entries).toHaveLength(100);
    expect(entries.every((entry, index) => index === 0 || entry.begin > (entries[index - 1]?.end ?? Infinity))).toBe(
      true,
    );
  });
  it("gives the times of an exchange, in milliseconds since the epoch", async () => {
    const mark = sandbox.journal.mark();
    const before = Date.now();
    await fetch(`${sandbox.addresses.api}/rate_limit`);
    const [entry] = sandbox.journal.since(mark);
    // The two clocks may differ by a correction of the machine's time since the process began.
    expect(Math.abs((entry?.arrivedAt ?? 0) - before)).toBeLessThan(60_000);
    expect(entry?.endedAt).toBeGreaterThanOrEqual(entry?.arrivedAt ?? Infinity);
  });
  it("names repository and bytes", async () => {
    const mark = sandbox.journal.mark();
    await githubClient(sandbox).post("/repos/acme/widgets/releases", { tag_name: "v1", draft: true });
    const [entry] = sandbox.journal.writes(mark, { door: "github" });
    expect(entry).toMatchObject({ repository: "acme/widgets", method: "POST", bytesIn: 30, status: 201 });
    expect(entry?.bytesOut).toBeGreaterThan(500);
  });
});

describe("the journal, when an upload session is opened as a probe", () => {
  it("is a probe and no write as long as nothing is sent to it", async () => {
    const client = registryClient(sandbox);
    const token = await client.bearer(["repository:acme/app:pull,push"]);
    const mark = sandbox.journal.mark();
    await client.send("POST", "/v2/acme/app/blobs/uploads/", token);
    expect([sandbox.journal.probes(mark).length, sandbox.journal.writes(mark).length]).toEqual([1, 0]);
  });
  it("is a write as soon as it is filled", async () => {
    const mark = sandbox.journal.mark();
    await registryClient(sandbox).pushImage("acme/app", "1.0.0", "filled");
    expect(sandbox.journal.probes(mark)).toEqual([]);
    expect(sandbox.journal.writes(mark).map(({ method }) => method)).toEqual(["POST", "PUT", "POST", "PUT", "PUT"]);
  });
});

describe("isRead", () => {
  it.each([
    ["GET", "/v2/", true],
    ["HEAD", "/v2/a/manifests/1", true],
    ["POST", "/token?scope=x", true],
    ["POST", "/v2/a/blobs/uploads/", false],
    ["DELETE", "/token-like", false],
  ])("takes %s %s as a read: %s", (method, path, read) => {
    expect(isRead({ method, path })).toBe(read);
  });
});

describe("the journal, when a path holds a credential", () => {
  it("keeps its name only", () => {
    expect(withoutCredentials("/x?access_token=abc&tag=1&token=def")).toBe("/x?access_token=***&tag=1&token=***");
  });
  it("writes no token anywhere in the file", async () => {
    const text = await readFile(sandbox.journal.file, "utf8");
    expect(text).not.toContain(sandbox.environment["GITHUB_TOKEN"]);
    expect(text).not.toMatch(/Bearer|Basic/);
  });
});

describe("the journal, when a journal is opened again", () => {
  it("goes on counting and passes over a torn line", async () => {
    const folder = await mkdtemp(join(tmpdir(), "journal-"));
    const file = join(folder, "journal.jsonl");
    const first = await openJournal(file);
    const entry = first.arrive({ door: "web", method: "GET", path: "/" });
    first.tick(entry);
    first.record({ ...entry, status: 200 });
    await first.close();
    await appendFile(file, '{"id":2,"beg');
    const second = await openJournal(file);
    expect(second.since(0)).toMatchObject([{ id: 1, begin: 1, end: 2, status: 200 }]);
    expect(second.arrive({ door: "web", method: "GET", path: "/" })).toMatchObject({ id: 2, begin: 3, end: Infinity });
    await second.close();
    await rm(folder, { recursive: true });
  });
});
