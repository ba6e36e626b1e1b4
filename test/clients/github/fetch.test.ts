import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeGitHubDownload, makeGitHubFetch, makeGitHubUpload } from "../../../clients/github/fetch.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { failure } from "../failure.ts";

const api = "https://api.github.com";
const user = `${api}/users/acme`;
const json = { "content-type": "application/json; charset=utf-8" };
const sent: string[] = [];

/** Lets every request be answered with `body`, given the signal that ends it. */
function answering(body: (signal: AbortSignal) => ReadableStream | string | Promise<never>, status = 200): void {
  vi.stubGlobal("fetch", async (address: string, { signal }: RequestInit) => {
    sent.push(address);
    const made = body(signal as AbortSignal);
    return new Response(made instanceof Promise ? await made : made, { status, headers: json });
  });
}

const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** A body that gives a piece each `every` milliseconds, until it is ended. */
const dripping =
  (every: number, piece: string, times = Infinity) =>
  (signal: AbortSignal) => {
    let given = 0;
    return new ReadableStream({
      start: (controller) => signal.addEventListener("abort", () => controller.error(signal.reason)),
      async pull(controller) {
        if (given++ === times) {
          return controller.close();
        }
        await new Promise((resolve) => setTimeout(resolve, every));
        if (!signal.aborted) {
          controller.enqueue(new TextEncoder().encode(piece));
        }
      },
    });
  };

beforeEach(() => {
  vi.useFakeTimers();
  sent.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("an exchange with GitHub", () => {
  it.each([
    ["no answer", silence],
    ["a body that drips", dripping(2_000, " ")],
  ])("ends after a minute: %s", async (_what, body) => {
    answering(body);
    const failed = failure(ServerRefusal, makeGitHubFetch(api)(user));
    await vi.advanceTimersByTimeAsync(60_000);
    const error = await failed;
    expect([error.status, error.transient]).toEqual([0, true]);
    expect(error.words).toContain("no answer within 60 s");
  });

  it("ends at 64 MiB", async () => {
    const mebibyte = " ".repeat(2 ** 20);
    answering(dripping(0, mebibyte));
    const failed = failure(ServerRefusal, makeGitHubFetch(api)(user));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await failed).toMatchObject({
      status: 200,
      transient: false,
      words: expect.stringContaining("longer than"),
    });
  });

  it("ends before it is parsed if it has too many values", async () => {
    answering(() => `[${"[],".repeat(1_000_000)}[]]`);
    const error = await failure(ServerRefusal, makeGitHubFetch(api)(user));
    expect([error.transient, error.words]).toEqual([false, "the document has more than a million values"]);
  });

  it("reads only the start of a refusal", async () => {
    answering(dripping(0, "x".repeat(2 ** 16)), 500);
    const answered = makeGitHubFetch(api)(user);
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await (await answered).text()).length).toBe(2 ** 16);
  });

  it("has no timer left when it is over", async () => {
    answering(() => '{"login":"acme","type":"User"}');
    await makeGitHubFetch(api)(user);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["another host", "https://evil.example/users/acme"],
    ["another port", "https://api.github.com:8443/users/acme"],
    ["plain HTTP", "http://api.github.com/users/acme"],
    ["a host that begins so", "https://api.github.com.evil.example/users/acme"],
    ["another host for uploads", "https://uploads.evil.example/users/acme"],
  ])("is not begun with %s", async (_what, address) => {
    answering(() => "{}");
    const error = await failure(ServerRefusal, makeGitHubFetch(api)(address));
    expect([sent, error.transient]).toEqual([[], false]);
    expect(error.words).toContain("nothing was sent there");
  });

  it.each([
    [api, "https://uploads.github.com/repos/acme/app/releases/1/assets?name=a"],
    ["https://api.acme.ghe.com", "https://uploads.acme.ghe.com/repos/acme/app/releases/1/assets?name=a"],
    ["https://git.acme.com/api/v3", "https://git.acme.com/api/uploads/repos/acme/app/releases/1/assets?name=a"],
  ])("of %s takes its host for uploads", async (base, address) => {
    answering(() => '{"id":1,"name":"a","state":"uploaded","size":1,"updated_at":""}');
    await makeGitHubUpload(base, () => Buffer.from("a"))(address, { method: "POST" });
    expect(sent).toEqual([address]);
  });
});

describe("a file", () => {
  const upload = "https://uploads.github.com/repos/acme/app/releases/1/assets?name=a";
  const download = `${api}/repos/acme/app/releases/assets/1`;

  it("may take long to be sent, as long as something moves", async () => {
    let moved = (): void => undefined;
    answering(silence);
    const failed = failure(
      ServerRefusal,
      makeGitHubUpload(api, (told) => {
        moved = told;
        return Buffer.from("a");
      })(upload, { method: "POST" }),
    );
    let over = false;
    void failed.then(() => (over = true));
    for (let minute = 0; minute < 10; minute++) {
      await vi.advanceTimersByTimeAsync(60_000);
      moved();
    }
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(120_000);
    expect((await failed).words).toContain("no answer within 120 s");
  });

  it("may take long to be fetched, as long as something moves", async () => {
    answering(dripping(60_000, "a", 10));
    let text = "";
    const fetched = makeGitHubDownload(api, () => (chunk) => (text += Buffer.from(chunk).toString()), 10)(download);
    await vi.advanceTimersByTimeAsync(11 * 60_000);
    expect((await fetched).ok).toBe(true);
    expect(text).toBe("a".repeat(10));
  });

  it("is given up when nothing moves", async () => {
    answering(dripping(130_000, "a"));
    const failed = failure(ServerRefusal, makeGitHubDownload(api, () => () => {}, 10)(download));
    await vi.advanceTimersByTimeAsync(130_000);
    expect(await failed).toMatchObject({ status: 0, words: expect.stringContaining("no answer within 120 s") });
  });

  it.each([9, 11])("is an error that may pass if it has %i bytes and GitHub says 10", async (length) => {
    answering(() => "a".repeat(length));
    const error = await failure(ServerRefusal, makeGitHubDownload(api, () => () => {}, 10)(download));
    expect([error.transient, error.words]).toEqual([true, `the file has ${length} bytes, but GitHub says 10`]);
  });
});
