import { describe, expect, it, vi } from "vitest";
import { getBlob, getManifest, headManifest } from "../../../clients/registry/registry.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { readManifest } from "../../../formats/artifact/manifest.ts";
import type { Answer } from "../../../sandbox/door/answer.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { manifestType, registryClient } from "../../sandbox/registry-client.ts";
import { connectedSandbox } from "../connected-sandbox.ts";
import { failure } from "../failure.ts";

const world = connectedSandbox();
const missing = `sha256:${"0".repeat(64)}`;

/** Pushes an image with plain HTTP, and logs this process in to its repository. */
async function pushed() {
  const { repository, name } = world.image();
  const digest = await registryClient(world.sandbox).pushImage(name, "1.0.0", `content of ${name}`);
  await getManifest(repository, digest);
  return { repository, digest };
}

const arm = (method: string, act: FaultAct): void => {
  world.sandbox.faults.add({ door: "registry", method, path: /\/manifests\//, when: "before", act });
};

describe("the registry client, when the registry's word and its bytes differ", () => {
  const naming = (value: string): void => {
    const change = (answer: Answer): Answer => ({
      ...answer,
      headers: { ...answer.headers, "docker-content-digest": value },
    });
    const fault = { door: "registry", path: /\/manifests\//, when: "after", act: { change } } as const;
    for (const method of ["HEAD", "GET"]) {
      world.sandbox.faults.add({ ...fault, method });
    }
  };
  it.each(["latest", "sha256:../../x", `${missing}0`, missing.toUpperCase(), ""])(
    "refuses %j in the place of a digest",
    async (value) => {
      const { repository, digest } = await pushed();
      naming(value);
      const error = await failure(ServerRefusal, headManifest(repository, digest));
      expect(error).toMatchObject({ words: "the registry names an invalid digest", transient: false });
    },
  );
  it("refuses another digest than the one that was asked for", async () => {
    const { repository, digest } = await pushed();
    naming(missing);
    const error = await failure(ServerRefusal, headManifest(repository, digest));
    expect(error.words).toBe(`the registry names another digest (${missing})`);
  });
  it("believes the bytes of a tag", async () => {
    const { repository, digest } = await pushed();
    naming(missing);
    expect((await getManifest(repository, "1.0.0"))?.digest).toBe(digest);
  });
  it("compares them with a sha512 as well", async () => {
    const { repository } = await pushed();
    arm("GET", { status: 200, headers: { "content-type": manifestType }, body: "{}" });
    const error = await failure(ServerRefusal, getManifest(repository, `sha512:${"0".repeat(128)}`));
    expect(error.words).toMatch(/^the registry sent other bytes \(sha512:27c74670adb7/);
  });
});

describe("the registry client, when an answer has no end", () => {
  /** Arms one, and counts the bytes that leave the door until the client is gone. */
  async function endless(method: string, path: RegExp, ask: () => Promise<unknown>): Promise<number> {
    world.sandbox.faults.add({ door: "registry", method, path, when: "after", act: { endless: true } });
    const mark = world.sandbox.journal.mark();
    await ask();
    const sent = (): number =>
      Math.max(0, ...world.sandbox.journal.since(mark, { path }).map(({ bytesOut }) => bytesOut));
    await vi.waitFor(() => expect(world.sandbox.faults.waiting).toBe(0));
    return sent();
  }
  it("reads 8 MiB of a manifest", async () => {
    const { repository } = await pushed();
    const sent = await endless("GET", /\/manifests\//, async () => {
      const error = await failure(ServerRefusal, getManifest(repository, "1.0.0"));
      expect(error).toMatchObject({ words: "the answer is longer than 8388608 bytes", transient: false });
    });
    // What lies in the sockets on the way comes on top.
    expect(sent).toBeLessThan(32 * 2 ** 20);
  });
  it("reads of a blob what it may have", async () => {
    const { repository, digest } = await pushed();
    const [layer] = readManifest((await getManifest(repository, digest))?.bytes ?? Buffer.from("{}")).layers;
    if (layer === undefined) {
      throw new Error("an image has a layer");
    }
    const sent = await endless("GET", /\/blobs\//, async () => {
      const error = await failure(ServerRefusal, getBlob(repository, layer.digest, { most: layer.size }));
      expect(error.words).toBe(`the answer is longer than ${layer.size} bytes`);
    });
    expect(sent).toBeLessThan(16 * 2 ** 20);
  });
  it("reads 64 KiB of the words of a refusal, and shows a thousand letters", async () => {
    const { repository } = await pushed();
    const sent = await endless("GET", /\/manifests\/2/, async () => {
      arm("GET", { status: 403, body: { errors: [{ message: "x".repeat(2000) }] } });
      expect((await failure(ServerRefusal, getManifest(repository, "1.0.0"))).words).toBe("x".repeat(1000));
      expect(await getManifest(repository, "2.0.0")).toBeUndefined();
    });
    expect(sent).toBeLessThan(16 * 2 ** 20);
  });
  it("asks again for a body that is cut", async () => {
    const { repository, digest } = await pushed();
    world.sandbox.faults.add({ door: "registry", method: "GET", path: /manifests/, when: "after", act: { cut: 0.5 } });
    const mark = world.sandbox.journal.mark();
    expect((await getManifest(repository, "1.0.0"))?.digest).toBe(digest);
    expect(world.sandbox.journal.since(mark, { path: /manifests/ })).toHaveLength(2);
  });
});

describe("the registry client, when a reference is neither a tag nor a digest", () => {
  it.each([
    "../../other/manifests/latest",
    "a/b",
    "",
    "a?b",
    "-a",
    `sha256:${"0".repeat(63)}`,
    "a".repeat(129),
    "1.0.0\n",
  ])("asks nobody: %j", async (reference) => {
    const { repository } = world.image();
    const mark = world.sandbox.journal.mark();
    for (const ask of [getManifest, headManifest]) {
      expect((await failure(Error, ask(repository, reference))).message).toContain("is neither a tag nor a digest");
    }
    expect(world.sandbox.journal.since(mark)).toEqual([]);
  });
});
