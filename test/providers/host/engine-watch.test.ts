import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { endWithEngine } from "../../../providers/host/engine-watch.ts";

/** A server that stands for the engine. `die` does what the operating system does for a killed one. */
async function engine() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const die = (): void => {
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  onTestFinished(die);
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, die };
}

/** A provider host that watches this engine. */
async function watching(address: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "watched-child.ts"), address], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await once(child.stdout ?? child, "data");
  return child;
}

describe("endWithEngine, when the engine dies", () => {
  it("ends within two seconds, with an error", async () => {
    const { address, sockets, die } = await engine();
    const child = await watching(address);
    await expect.poll(() => sockets.size).toBe(1);
    const ended = once(child, "exit");
    die();
    expect(await Promise.race([ended, delay(2000, "still alive", { ref: false })])).toEqual([1, null]);
  });
  it("ends at once where no engine was there at all", async () => {
    const { address, die } = await engine();
    die();
    const child = await watching(address);
    const ended = child.exitCode === null ? once(child, "exit") : Promise.resolve([child.exitCode, null]);
    expect(await Promise.race([ended, delay(2000, "still alive", { ref: false })])).toEqual([1, null]);
  });
});

describe("endWithEngine, when the engine lives", () => {
  it("goes on, also where the engine closes the quiet connection", async () => {
    const { address, sockets } = await engine();
    let ends = 0;
    endWithEngine(address, () => ends++);
    await expect.poll(() => sockets.size).toBe(1);
    const [first] = sockets;
    first?.destroy();
    await expect.poll(() => [...sockets].some((socket) => socket !== first), { timeout: 2000 }).toBe(true);
    expect(ends).toBe(0);
  });
});

describe("endWithEngine, when there is no engine to watch", () => {
  it.each([undefined, "", "up", "127.0.0.1"])("does nothing: %j", async (address) => {
    let ends = 0;
    // Without an address the first argument of this process counts, which is none of an engine.
    endWithEngine(address, () => ends++);
    await delay(50);
    expect(ends).toBe(0);
  });
});
