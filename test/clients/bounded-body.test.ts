import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBodyStart, readBody } from "../../clients/bounded-body.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { localServer } from "./local-server.ts";

let server: Awaited<ReturnType<typeof localServer>>;
let cancelled: Promise<void> | undefined;

beforeAll(async () => {
  server = await localServer((request, response) => {
    if (request.url === "/whole") {
      response.end("whole");
    } else if (request.url === "/cut") {
      response.writeHead(200, { "content-length": "100" });
      response.write("ten bytes!", () => setTimeout(() => response.destroy(), 5));
    } else {
      cancelled = new Promise((resolve) => response.on("close", resolve));
      const more = (): void => {
        let roomLeft = true;
        while (roomLeft && !response.destroyed) {
          roomLeft = response.write(Buffer.alloc(65_536, "x"));
        }
      };
      response.on("drain", more);
      more();
    }
  });
});
afterAll(() => server.close());

const bounds = { request: "GET http://host/thing", most: 1_000_000 };

describe("the body of an answer", () => {
  it("is read whole", async () => {
    expect(String(await readBody(await fetch(`http://${server.address}/whole`), bounds))).toBe("whole");
  });

  it("is none for an answer without one", async () => {
    expect(await readBody(new Response(null, { status: 204 }), bounds)).toHaveLength(0);
  });

  it("is an error that may pass if it breaks off", async () => {
    const failure = await readBody(await fetch(`http://${server.address}/cut`), bounds).catch((error) => error);
    expect(failure).toBeInstanceOf(ServerRefusal);
    expect(failure).toMatchObject({ status: 0, transient: true, request: bounds.request });
    expect(failure.words).toContain("broke off after 10 bytes");
  });

  it("is not read on if it is too long", async () => {
    const failure = await readBody(await fetch(`http://${server.address}/endless`), bounds).catch((error) => error);
    expect(failure).toMatchObject({ status: 200, transient: false });
    expect(failure.words).toBe("the answer is longer than 1000000 bytes");
    await cancelled;
  });

  it("ends when the time is over", async () => {
    const signal = AbortSignal.abort(new Error("60 s are over"));
    const failure = await readBody(await fetch(`http://${server.address}/endless`), { ...bounds, signal }).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({ status: 0 });
    expect(failure.words).toContain("60 s are over");
    await cancelled;
  });
});

describe("the words of a refusal", () => {
  it.each([
    ["/whole", "whole"],
    ["/cut", "ten bytes!"],
  ])("are as far as they came: %s", async (path, words) => {
    expect(await readBodyStart(await fetch(`http://${server.address}${path}`))).toBe(words);
  });

  it("are cut if there is no end to them", async () => {
    expect(await readBodyStart(await fetch(`http://${server.address}/endless`), 1000)).toBe("x".repeat(1000));
    await cancelled;
  });
});
