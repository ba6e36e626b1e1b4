import { describe, expect, it, onTestFinished, vi } from "vitest";
import { gitHub } from "../../clients/github/github.ts";
import { headManifest } from "../../clients/registry/registry.ts";
import { readRetryAfter } from "../../clients/retry-after.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { useDockerConfig } from "./registry/docker-config.ts";
import { failure } from "./failure.ts";
import { localServer } from "./local-server.ts";

const now = Date.UTC(2026, 0, 15, 12, 0, 0);

describe("retryAfterOf, when a server asks to wait", () => {
  it.each<[string | number | null | undefined, number | undefined]>([
    ["0", 0],
    ["7", 7000],
    [" 7 ", 7000],
    [7, 7000],
    ["1.5", 1500],
    ["3600", 3_600_000],
    ["Thu, 15 Jan 2026 12:00:30 GMT", 30_000],
    ["Thursday, 15-Jan-26 12:00:30 GMT", 30_000],
    ["Thu, 15 Jan 2026 12:00:00 GMT", 0],
    ["Thu, 15 Jan 2026 11:00:00 GMT", 0],
    ["Fri, 15 Jan 2027 12:00:00 GMT", 365 * 86_400_000],
    ["-5", undefined],
    [-5, undefined],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
    ["soon", undefined],
    ["soon GMT", undefined],
    ["1e3", undefined],
    ["0x10", undefined],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["2026-01-15", undefined],
  ])("by %j", (header, milliseconds) => {
    expect(readRetryAfter(header, now)).toBe(milliseconds);
  });
});

describe("the clients, when a server asks to wait for longer than they do", () => {
  const asked = async (retryAfter: string): Promise<string> => {
    const server = await localServer((_, response) =>
      response.writeHead(429, { "retry-after": retryAfter, "content-type": "application/json" }).end("{}"),
    );
    vi.stubEnv("LOCKSTEP_RETRY_MS", "1");
    onTestFinished(() => void vi.unstubAllEnvs());
    onTestFinished(() => server.close());
    return server.address;
  };
  const inAnHour = (): string => new Date(Date.now() + 3_600_000).toUTCString();

  it("reads the registry's date, and asks once", async () => {
    await useDockerConfig({});
    const error = await failure(ServerRefusal, headManifest(`${await asked(inAnHour())}/app`, "1.0.0"));
    expect(error.retryAfter).toBeGreaterThan(3_500_000);
  });

  it("reads GitHub's date, and asks once", async () => {
    vi.stubEnv("GITHUB_API_URL", `http://${await asked(inAnHour())}`);
    const error = await failure(ServerRefusal, gitHub().request("GET /user"));
    expect(error.retryAfter).toBeGreaterThan(3_500_000);
  });

  it.each(["-5", "soon"])("does not take %j for a wait", async (header) => {
    await useDockerConfig({});
    const error = await failure(ServerRefusal, headManifest(`${await asked(header)}/app`, "1.0.0"));
    expect(error.retryAfter).toBeUndefined();
  });
});
