import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { describeAnswerMistake, gitHubRoutes } from "../../../clients/github/answers.ts";
import { makeGitHubFetch, makeGitHubUpload } from "../../../clients/github/fetch.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { failure } from "../failure.ts";
import { samples } from "./samples.ts";

const environment = {
  GITHUB_API_URL: "https://api.github.com",
  GITHUB_TOKEN: "ghp_someone",
  LOCKSTEP_RETRY_MS: "0",
  LOCKSTEP_GITHUB_WRITES_PER_MINUTE: "1000000",
  LOCKSTEP_GITHUB_WRITES_PER_HOUR: "1000000",
};
const before = { ...process.env };
let asked = 0;

beforeAll(() => void Object.assign(process.env, environment));
afterAll(() => {
  for (const name of Object.keys(environment)) {
    if (before[name] === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = before[name];
    }
  }
  vi.unstubAllGlobals();
});
beforeEach(() => {
  asked = 0;
});

const json = { "content-type": "application/json; charset=utf-8" };

/** Lets GitHub answer one route with `body`, and those that are asked before it with what they give. */
function answering(
  route: string,
  body: () => ReadableStream | Uint8Array | string,
  requests: [address: string, method: string][] = [],
): void {
  const patternOf = (one: string) => new RegExp(`^${one.replaceAll("{}", "[^/]+")}$`);
  vi.stubGlobal("fetch", async (address: string, { method = "GET" }: RequestInit) => {
    const request = `${method} ${new URL(address).pathname}`;
    if (patternOf(route).test(request)) {
      asked += 1;
      requests.push([address, method]);
      return new Response(body(), { headers: json });
    }
    const [, other] = Object.entries(samples[route]?.before ?? {}).find(([one]) => patternOf(one).test(request)) ?? [];
    if (other === undefined) {
      throw new Error(`${request} is not expected here`);
    }
    return Response.json(other);
  });
}

/** A body that breaks off after so many bytes: the headers promised more. */
const broken = (bytes: Uint8Array): ReadableStream =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.error(new TypeError("terminated"));
    },
  });

/** A request of a route, with something in each place. */
const requestOf = (route: string): [method: string, path: string] => {
  const [method = "", path = ""] = route.replaceAll("{}", "x").split(" ");
  return [method, path];
};

const changing = gitHubRoutes.filter((route) => /^(DELETE|PUT .*immutable-releases$)/.test(route));
const told = gitHubRoutes.filter((route) => !changing.includes(route));

describe("an answer of GitHub", () => {
  it("is looked at on every route whose answer says something", () => {
    expect(Object.keys(samples).toSorted()).toEqual(told.toSorted());
  });

  it.each(told)("is taken if it is whole: %s", async (route) => {
    const { ask, answer } = samples[route] ?? {};
    answering(route, () => JSON.stringify(answer));
    await ask?.();
    expect(asked).toBeGreaterThan(0);
  });

  it.each(told)("is an error that may pass wherever it is cut: %s", async (route) => {
    const { ask, answer } = samples[route] ?? {};
    const whole = new TextEncoder().encode(JSON.stringify(answer));
    expect(whole.length).toBeLessThan(2048);
    const requests: [address: string, method: string][] = [];
    answering(route, () => whole, requests);
    await ask?.();
    const [address = "", method = ""] = requests[0] ?? [];
    const asking = makeGitHubFetch(environment.GITHUB_API_URL);
    const uploading = makeGitHubUpload(environment.GITHUB_API_URL, () => Buffer.alloc(0));
    const exchange = address.includes("uploads.") ? uploading : asking;
    for (let length = 0; length < whole.length; length++) {
      const start = whole.subarray(0, length);
      // Broken off, and with headers that fit: a proxy may have made them do so.
      for (const body of [() => broken(start), () => start]) {
        answering(route, body);
        const error = await failure(ServerRefusal, exchange(address, { method }));
        expect([error.transient, length]).toEqual([true, length]);
      }
    }
  });

  it.each(told)("is asked for again if it is read, and once if it is written: %s", async (route) => {
    const { ask, answer } = samples[route] ?? {};
    const whole = new TextEncoder().encode(JSON.stringify(answer));
    for (const length of [0, whole.length - 1]) {
      answering(route, () => broken(whole.subarray(0, length)));
      asked = 0;
      const error = await failure(ServerRefusal, ask?.() ?? Promise.resolve());
      expect([error.status, asked]).toEqual([0, route.startsWith("GET ") ? 5 : 1]);
    }
  });

  it.each(told)("is an error if it is of another shape: %s", async (route) => {
    const { ask, answer } = samples[route] ?? {};
    const list = Array.isArray(answer);
    const optional = route === "POST /repos/{}/{}/attestations";
    const others = [
      "null",
      "0",
      "true",
      '""',
      "[null]",
      "[[]]",
      list ? '{"message":"x"}' : "[]",
      ...(optional ? [] : ["{}"]),
    ];
    for (const text of others) {
      const mistake = describeAnswerMistake(...requestOf(route), JSON.parse(text));
      expect([text, mistake]).toEqual([text, expect.any(String)]);
    }
    answering(route, () => "null");
    expect((await failure(ServerRefusal, ask?.() ?? Promise.resolve())).status).toBe(0);
  });

  it("may have more than is read of it", async () => {
    answering("GET /users/{}", () => JSON.stringify({ login: "acme", type: "Bot", later: [{}] }));
    expect(await samples["GET /users/{}"]?.ask()).toBe("User");
  });
});
