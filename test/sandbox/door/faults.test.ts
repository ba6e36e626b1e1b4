import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { githubClient } from "../github-client.ts";
import { manifestType, registryClient } from "../registry-client.ts";
import { pushCommits, temporarySandbox } from "../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
const releasesPath = "/repos/acme/widgets/releases";

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  await pushCommits((await sandbox.github.createRepository("acme/widgets")).gitDir);
});
afterEach(() => sandbox.faults.clear());
afterAll(() => forget());

const count = async () => ((await api.get(releasesPath)).body as unknown as unknown[]).length;
const creation = { door: "github", method: "POST", path: /\/releases$/ } as const;

describe("the faults, when an answer is made up", () => {
  it("has no effect before, and goes away after its times", async () => {
    const had = await count();
    sandbox.faults.add({ ...creation, when: "before", act: { status: 502, body: { message: "Server Error" } } });
    const failed = await api.post(releasesPath, { tag_name: "v1", draft: true });
    const between = await count();
    const passed = await api.post(releasesPath, { tag_name: "v1", draft: true });
    expect([failed.status, failed.body["message"], between, passed.status]).toEqual([502, "Server Error", had, 201]);
  });
  it("leaves the effect in place after", async () => {
    const had = await count();
    sandbox.faults.add({ ...creation, when: "after", act: { status: 500 } });
    const failed = await fetch(sandbox.addresses.api + releasesPath, {
      method: "POST",
      headers: { authorization: `Bearer ${sandbox.environment["GITHUB_TOKEN"]}` },
      body: JSON.stringify({ tag_name: "v2", draft: true }),
    });
    expect([failed.status, await count()]).toEqual([500, had + 1]);
  });
  it("carries headers", async () => {
    sandbox.faults.add({
      ...creation,
      when: "before",
      act: { status: 429, headers: { "retry-after": "7" }, body: {} },
    });
    expect((await api.post(releasesPath, { tag_name: "v3" })).headers.get("retry-after")).toBe("7");
  });
  it("comes as often as it is asked to", async () => {
    sandbox.faults.add({ ...creation, when: "before", times: 2, act: { status: 503, body: {} } });
    const answers = [];
    for (let index = 0; index < 3; index += 1) {
      answers.push((await api.post(releasesPath, { tag_name: "times", draft: true })).status);
    }
    expect(answers).toEqual([503, 503, 201]);
  });
  it("is disarmed", async () => {
    const disarm = sandbox.faults.add({ ...creation, when: "before", act: { status: 503, body: {} } });
    disarm();
    expect([sandbox.faults.waiting, (await api.post(releasesPath, { tag_name: "free", draft: true })).status]).toEqual([
      0, 201,
    ]);
  });
});

describe("the faults, when a connection is reset", () => {
  it.each(["before", "after"] as const)("fails the client and shows status 0 (%s)", async (when) => {
    const mark = sandbox.journal.mark();
    const had = await count();
    sandbox.faults.add({ ...creation, when, act: "reset" });
    await expect(api.post(releasesPath, { tag_name: `reset-${when}`, draft: true })).rejects.toThrow("fetch failed");
    expect(sandbox.journal.writes(mark)).toMatchObject([{ status: 0 }]);
    expect(await count()).toBe(when === "after" ? had + 1 : had);
  });
});

describe("the faults, when an answer hangs", () => {
  it("stays open until the client gives up", async () => {
    const mark = sandbox.journal.mark();
    sandbox.faults.add({ door: "registry", method: "GET", path: /^\/v2\/$/, when: "before", act: "hang" });
    const asked = fetch(`http://${sandbox.addresses.registry}/v2/`, { signal: AbortSignal.timeout(200) });
    await expect(asked).rejects.toThrow("timeout");
    await expect.poll(() => sandbox.journal.reads(mark)[0]?.end).toBeLessThan(Infinity);
    expect(sandbox.journal.reads(mark)[0]?.status).toBe(0);
  });
});

describe("the faults, when a function is called in between", () => {
  it("goes on normally after it", async () => {
    const seen: string[] = [];
    sandbox.faults.add({
      ...creation,
      when: "after",
      act: async ({ method, path }) => {
        seen.push(`${method} ${path}`);
      },
    });
    expect((await api.post(releasesPath, { tag_name: "called", draft: true })).status).toBe(201);
    expect(seen).toEqual([`POST /api/v3${releasesPath}`]);
  });
  it("survives the death of the client meanwhile", async () => {
    const client = registryClient(sandbox);
    await client.pushImage("acme/app", "1.0.0", "content");
    const token = await client.bearer(["repository:acme/app:pull"]);
    const gone = new AbortController();
    sandbox.faults.add({ door: "registry", method: "GET", path: /manifests/, when: "after", act: () => gone.abort() });
    const init = { headers: { accept: manifestType }, signal: gone.signal };
    await expect(client.send("GET", "/v2/acme/app/manifests/1.0.0", token, init)).rejects.toThrow("aborted");
    const { signal: _, ...again } = init;
    expect((await client.send("GET", "/v2/acme/app/manifests/1.0.0", token, again)).status).toBe(200);
  });
});

describe("the faults, when a true answer is broken", () => {
  const look = { door: "github", method: "GET", path: /\/releases$/, when: "after" } as const;
  const ask = () =>
    fetch(sandbox.addresses.api + releasesPath, {
      headers: { authorization: `Bearer ${sandbox.environment["GITHUB_TOKEN"]}` },
    });

  it("cuts the body, whatever the headers promise", async () => {
    sandbox.faults.add({ ...look, act: { cut: 10 } });
    const answer = await ask();
    expect(Number(answer.headers.get("content-length"))).toBeGreaterThan(10);
    await expect(answer.text()).rejects.toThrow("terminated");
  });
  it("lets a body go on for ever", async () => {
    sandbox.faults.add({ ...look, act: { endless: true } });
    let length = 0;
    for await (const chunk of (await ask()).body ?? []) {
      length += chunk.length;
      if (length > 5_000_000) {
        break;
      }
    }
    expect(length).toBeGreaterThan(5_000_000);
  });
  it("lets a body drip", async () => {
    sandbox.faults.add({ ...look, act: { drip: 5 } });
    const pieces: string[] = [];
    for await (const chunk of (await ask()).body ?? []) {
      pieces.push(Buffer.from(chunk).toString());
      if (pieces.length === 5) {
        break;
      }
    }
    expect(pieces.join("").trim()).toBe("");
  });
  it.each([
    ["goes on for ever", { endless: true }],
    ["is longer", { change: (answer) => ({ ...answer, body: "x".repeat(100_000) }) }],
  ] satisfies [string, FaultAct][])("sends a body that %s although the true answer had a length", async (_, act) => {
    const client = registryClient(sandbox);
    await client.pushImage("acme/long", "1", "x");
    const token = await client.bearer(["repository:acme/long:pull"]);
    const headers = { accept: manifestType };
    const read = async (): Promise<number> => {
      let length = 0;
      const answer = await client.send("GET", "/v2/acme/long/manifests/1", token, { headers });
      for await (const chunk of answer.body ?? []) {
        length += chunk.length;
        if (length >= 100_000) {
          break;
        }
      }
      return length;
    };
    expect(await read()).toBeLessThan(10_000);
    sandbox.faults.add({ door: "registry", method: "GET", path: /manifests/, when: "after", act });
    expect(await read()).toBeGreaterThanOrEqual(100_000);
  });
  it("changes the answer", async () => {
    sandbox.faults.add({ ...look, act: { change: (answer) => ({ ...answer, body: "null" }) } });
    expect(await (await ask()).json()).toBeNull();
  });
});

describe("the faults, when all of the above is done", () => {
  it("has not counted a fault as a failure of the sandbox", () => {
    expect(sandbox.violations()).toEqual([]);
  });
});
