import { beforeEach, describe, expect, it } from "vitest";
import type { gitHub, GitHub } from "../../../clients/github/github.ts";
import { connectedSandbox } from "../connected-sandbox.ts";
import type { TestRepository } from "../connected-sandbox.ts";

const world = connectedSandbox();
let repository: TestRepository;
let clients = 0;

beforeEach(async () => {
  repository = await world.repository();
});

/** A client of its own pace: the shared one reads the environment when it is first asked for. */
async function pacedClient(environment: Record<string, string>): Promise<GitHub> {
  const names = ["LOCKSTEP_GITHUB_AT_ONCE", "LOCKSTEP_GITHUB_WRITES_PER_MINUTE", "LOCKSTEP_GITHUB_WRITES_PER_HOUR"];
  for (const name of names) {
    delete process.env[name];
  }
  Object.assign(process.env, environment);
  // Another address is another module to Node.
  const module = (await import(`../../../clients/github/github.ts?${++clients}`)) as { gitHub: typeof gitHub };
  return module.gitHub();
}

const look = (client: GitHub) => client.rest.repos.get({ owner: repository.owner, repo: repository.repo });
const creations = (): number =>
  world.sandbox.journal.since(0, { method: "POST", repository: repository.fullName }).length;

/** The highest number of requests that stood at the server at once, each held until no other arrives any more. */
async function mostAtOnce(client: GitHub, requests: number): Promise<number> {
  const held: (() => void)[] = [];
  let most = 0;
  const act = () =>
    new Promise<void>((resolve) => {
      held.push(resolve);
      most = Math.max(most, held.length);
    });
  world.sandbox.faults.add({ door: "github", method: "GET", path: /./, when: "before", times: requests, act });
  let done = 0;
  const all = Array.from({ length: requests }, () => look(client).then(() => done++));
  while (done < requests) {
    const before = held.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (held.length === before) {
      held.splice(0).forEach((release) => release());
    }
  }
  await Promise.all(all);
  return most;
}

describe("gitHubPace, when many requests are made at once", () => {
  it.each([
    ["ten by default", {}, 10],
    ["as many as LOCKSTEP_GITHUB_AT_ONCE says", { LOCKSTEP_GITHUB_AT_ONCE: "3" }, 3],
    ["ten where it says what is no number", { LOCKSTEP_GITHUB_AT_ONCE: "off" }, 10],
    ["ten where it says none", { LOCKSTEP_GITHUB_AT_ONCE: "0" }, 10],
  ])("lets through %s", async (_, environment, most) => {
    const client = await pacedClient(environment);
    expect(await mostAtOnce(client, 25)).toBe(most);
  });
});

describe("gitHubPace, when much is created", () => {
  /** Asks for `count` tags, then reads until every creation that may go out has gone out. */
  async function createdAtOnce(environment: Record<string, string>, count: number): Promise<number> {
    const client = await pacedClient(environment);
    const { owner, repo } = repository;
    const made = { status: 201, body: {} };
    world.sandbox.faults.add({ door: "github", method: "POST", path: /./, when: "before", times: count, act: made });
    for (let at = 0; at < count; at++) {
      // Those over the limit wait for the next minute, which this test does not.
      void client.rest.git
        .createRef({ owner, repo, ref: `refs/tags/v${at}`, sha: repository.commits[0] })
        .catch(() => undefined);
    }
    for (let before = -1; before !== creations();) {
      before = creations();
      for (let at = 0; at < 5; at++) {
        await look(client);
      }
    }
    return creations();
  }
  const fast = { LOCKSTEP_GITHUB_WRITES_PER_MINUTE: "100000" };
  it.each([
    ["80 in a minute by default", {}, 90, 80],
    ["as many in a minute as LOCKSTEP_GITHUB_WRITES_PER_MINUTE says", { LOCKSTEP_GITHUB_WRITES_PER_MINUTE: "4" }, 9, 4],
    ["80 in a minute where it says none", { LOCKSTEP_GITHUB_WRITES_PER_MINUTE: "0" }, 90, 80],
    ["500 in an hour by default", fast, 510, 500],
    [
      "as many in an hour as LOCKSTEP_GITHUB_WRITES_PER_HOUR says",
      { ...fast, LOCKSTEP_GITHUB_WRITES_PER_HOUR: "4" },
      9,
      4,
    ],
    ["500 in an hour where it says what is no number", { ...fast, LOCKSTEP_GITHUB_WRITES_PER_HOUR: "off" }, 510, 500],
  ])("lets through %s", async (_, environment, count, passed) => {
    expect(await createdAtOnce(environment, count)).toBe(passed);
  });
});
