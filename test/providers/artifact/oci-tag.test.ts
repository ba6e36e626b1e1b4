import { describe, expect, it } from "vitest";
import { getManifest, headManifest, putManifest } from "../../../clients/registry/registry.ts";
import type { Answer } from "../../../sandbox/door/answer.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { registryClient } from "../../sandbox/registry-client.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("oci-tag");

/** A repository with two manifests. This process is logged in to it, so that faults hit the requests themselves and no challenge. */
async function pushed() {
  const { repository, name } = world.image();
  const client = registryClient(world.sandbox);
  const [digest, other] = [
    await client.pushImage(name, "one", `one ${name}`),
    await client.pushImage(name, "two", `two ${name}`),
  ];
  await put(repository, "one", digest);
  return { repository, name, digest, other, inputs: { repository, tag: "1.2.3", digest } };
}

const arm = (method: string, when: "before" | "after", act: FaultAct, path = /manifests\/1\.2\.3/, times = 1): void => {
  world.sandbox.faults.add({ door: "registry", method, path, when, times, act });
};
const writesSince = (mark: number): number[] =>
  world.sandbox.journal.writes(mark, { door: "registry", method: "PUT" }).map(({ status }) => status);

/** Holds two requests until both have come. */
function meet(method: string, path: RegExp): void {
  const waiting: (() => void)[] = [];
  const act = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 2) {
        waiting.forEach((release) => release());
      }
    });
  arm(method, "before", act, path, 2);
}

async function put(repository: string, tag: string, digest: string): Promise<void> {
  const manifest = await getManifest(repository, digest);
  if (manifest === undefined) {
    throw new Error(`${digest} was not pushed`);
  }
  await putManifest(repository, tag, manifest);
}

describe("ociTagProvider, when the tag is not there", () => {
  it("is made", async () => {
    const { repository, digest, inputs } = await pushed();
    await host.create(inputs);
    expect((await headManifest(repository, "1.2.3"))?.digest).toBe(digest);
  });
  it("has repository and tag as id", async () => {
    const { repository, inputs } = await pushed();
    expect((await host.create(inputs)).id).toBe(`${repository}:1.2.3`);
  });
  it("keeps its inputs in the state, and its reference", async () => {
    const { repository, inputs } = await pushed();
    expect((await host.create(inputs)).outs).toEqual({ kind: "oci-tag", ...inputs, reference: `${repository}:1.2.3` });
  });
  it("is written once", async () => {
    const { inputs } = await pushed();
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(writesSince(mark)).toEqual([201]);
  });
  it("is read back after the write", async () => {
    const { inputs } = await pushed();
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    const about = world.sandbox.journal.since(mark, { path: /manifests\/1\.2\.3/ });
    expect(about.map(({ method }) => method)).toEqual(["GET", "GET", "PUT", "GET"]);
  });
  it("is read directly before the write, and nothing is requested in between, not even a login", async () => {
    const { repository, name } = world.image();
    // By another client, so that this process is not logged in.
    const digest = await registryClient(world.sandbox).pushImage(name, "one", `one ${name}`);
    const mark = world.sandbox.journal.mark();
    await host.create({ repository, tag: "1.2.3", digest });
    const all = world.sandbox.journal.since(mark, { door: "registry" });
    const write = all.findIndex(({ method }) => method === "PUT");
    expect(all.slice(write - 1, write + 1).map(({ method, path, status }) => [method, path, status])).toEqual([
      ["GET", `/v2/${name}/manifests/1.2.3`, 404],
      ["PUT", `/v2/${name}/manifests/1.2.3`, 201],
    ]);
  });
  it("is an error where the digest is gone", async () => {
    const { inputs } = await pushed();
    const error = await releaseErrorOf(host.create({ ...inputs, digest: `sha256:${"0".repeat(64)}` }));
    expect([error.code, error.message]).toEqual([
      "DIGEST_GONE",
      expect.stringContaining(`no manifest sha256:${"0".repeat(64)}`),
    ]);
  });
  it("is not written where the digest is gone", async () => {
    const { inputs } = await pushed();
    const mark = world.sandbox.journal.mark();
    await releaseErrorOf(host.create({ ...inputs, digest: `sha256:${"0".repeat(64)}` }));
    expect(writesSince(mark)).toEqual([]);
  });
});

describe("ociTagProvider, when a twin writes the tag while this run fetches the manifest", () => {
  /** The manifest needs two tries; the twin writes before the second one. */
  const overtake = (repository: string, digest: string): void => {
    const path = /manifests\/sha256/;
    arm("GET", "before", { status: 503 }, path);
    arm("GET", "before", async () => put(repository, "1.2.3", digest), path);
  };
  it("does not move it, and names what the twin wrote", async () => {
    const { repository, other, inputs } = await pushed();
    overtake(repository, other);
    const mark = world.sandbox.journal.mark();
    const error = await releaseErrorOf(host.create(inputs));
    expect([error.code, error.message.includes(other)]).toEqual(["TAG_CONFLICT", true]);
    // The one write is the twin's.
    expect([writesSince(mark), (await headManifest(repository, "1.2.3"))?.digest]).toEqual([[201], other]);
  });
  it("accepts it if the twin's build is equal, and writes nothing", async () => {
    const { repository, digest, inputs } = await pushed();
    overtake(repository, digest);
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect([writesSince(mark), (await headManifest(repository, "1.2.3"))?.digest]).toEqual([[201], digest]);
  });
});

describe("ociTagProvider, when the tag is there", () => {
  it("is taken without a write where it names the digest", async () => {
    const { repository, digest, inputs } = await pushed();
    await put(repository, "1.2.3", digest);
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(writesSince(mark)).toEqual([]);
  });
  it("costs two requests side by side, not one after another", async () => {
    const { repository, digest, inputs } = await pushed();
    await put(repository, "1.2.3", digest);
    meet("GET", /manifests/);
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(world.sandbox.journal.since(mark).map(({ status }) => status)).toEqual([200, 200]);
  });
  it("is a conflict that names both digests where it names another", async () => {
    const { repository, digest, other, inputs } = await pushed();
    await put(repository, "1.2.3", other);
    const error = await releaseErrorOf(host.create(inputs));
    expect([error.code, error.message.includes(digest), error.message.includes(other)]).toEqual([
      "TAG_CONFLICT",
      true,
      true,
    ]);
  });
  it("is not overwritten", async () => {
    const { repository, other, inputs } = await pushed();
    await put(repository, "1.2.3", other);
    const mark = world.sandbox.journal.mark();
    await releaseErrorOf(host.create(inputs));
    expect([writesSince(mark), (await headManifest(repository, "1.2.3"))?.digest]).toEqual([[], other]);
  });
  it("is not moved by an update either", async () => {
    const { repository, digest, other, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    const error = await releaseErrorOf(host.update(outs, { ...inputs, digest: other }));
    expect([error.code, (await headManifest(repository, "1.2.3"))?.digest]).toEqual(["TAG_CONFLICT", digest]);
  });
  it("stays when the resource is deleted", async () => {
    const { repository, digest, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    await host.delete(outs);
    expect((await headManifest(repository, "1.2.3"))?.digest).toBe(digest);
  });
});

describe("ociTagProvider, when the registry says that the tag names our digest, and its bytes are others", () => {
  /** The header is right in every answer about the tag, and nothing else is. */
  const lying = (digest: string): void => {
    const change = (answer: Answer): Answer => ({
      ...answer,
      headers: { ...answer.headers, "docker-content-digest": digest },
    });
    for (const method of ["HEAD", "GET"]) {
      arm(method, "after", { change }, undefined, Infinity);
    }
  };
  it("is a conflict before the write", async () => {
    const { repository, digest, other, inputs } = await pushed();
    await put(repository, "1.2.3", other);
    lying(digest);
    expect((await releaseErrorOf(host.create(inputs))).code).toBe("TAG_CONFLICT");
  });
  it("is a conflict after the write", async () => {
    const { repository, digest, other, inputs } = await pushed();
    lying(digest);
    arm("PUT", "after", async () => put(repository, "1.2.3", other));
    expect((await releaseErrorOf(host.create(inputs))).code).toBe("TAG_CONFLICT");
  });
  it("shows what the tag names when the world is read", async () => {
    const { repository, digest, other, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    await put(repository, "1.2.3", other);
    lying(digest);
    expect((await host.read(outs)).inputs?.["digest"]).toBe(other);
  });
});

describe("ociTagProvider, when the registry fails", () => {
  it.each([
    ["PUT", "before", "reset"],
    ["PUT", "after", "reset"],
    ["PUT", "before", { status: 503 }],
    ["PUT", "after", { status: 500 }],
    ["GET", "before", "reset"],
    ["GET", "after", { status: 502 }],
  ] as const)("makes the tag all the same (%s, %s the effect, %j)", async (method, when, act) => {
    const { repository, digest, inputs } = await pushed();
    arm(method, when, act);
    await host.create(inputs);
    expect(world.sandbox.faults.waiting).toBe(0);
    expect((await headManifest(repository, "1.2.3"))?.digest).toBe(digest);
  });
  it("does not write twice where only the answer was lost", async () => {
    const { inputs } = await pushed();
    arm("PUT", "after", { status: 500 });
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(writesSince(mark)).toEqual([500]);
  });
  it("gives up after five writes", async () => {
    const { inputs } = await pushed();
    arm("PUT", "before", { status: 503 }, /manifests/, Infinity);
    const mark = world.sandbox.journal.mark();
    const error = await releaseErrorOf(host.create(inputs));
    expect([error.code, writesSince(mark)]).toEqual(["SERVER_FAULT", [503, 503, 503, 503, 503]]);
  });
  it("is told in the registry's words, with the step", async () => {
    const { repository, name, inputs } = await pushed();
    world.sandbox.registry.refuse(name);
    const error = await releaseErrorOf(host.create(inputs));
    expect(error.parts).toMatchObject({
      code: "DENIED",
      step: `tagging ${repository} as 1.2.3`,
      reason: expect.stringContaining("permission_denied: write_package"),
    });
  });
});

describe("ociTagProvider, when two write at once", () => {
  /** Holds the PUTs until both writers have found that there is no tag. */
  const bothFindNone = (): void => meet("PUT", /manifests\/1\.2\.3/);
  it("never lets both succeed with different digests", async () => {
    const results: number[] = [];
    for (let round = 0; round < 8; round++) {
      const { other, inputs } = await pushed();
      bothFindNone();
      const both = await Promise.allSettled([host.create(inputs), host.create({ ...inputs, digest: other })]);
      results.push(both.filter(({ status }) => status === "fulfilled").length);
    }
    expect(results).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });
  it("tells the loser what the tag names now", async () => {
    const { repository, other, inputs } = await pushed();
    bothFindNone();
    const both = await Promise.allSettled([host.create(inputs), host.create({ ...inputs, digest: other })]);
    const lost = both.find((result) => result.status === "rejected");
    expect(String(lost?.reason)).toContain(
      `${repository}:1.2.3 names ${(await headManifest(repository, "1.2.3"))?.digest}`,
    );
  });
  it("lets both succeed with the same digest", async () => {
    const { inputs } = await pushed();
    bothFindNone();
    const [one, other] = await Promise.all([host.create(inputs), host.create(inputs)]);
    expect(one).toEqual(other);
  });
});

describe("ociTagProvider, when the world is read", () => {
  it("is unchanged where the tag is", async () => {
    const { inputs } = await pushed();
    const { outs } = await host.create(inputs);
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: { kind: "oci-tag", ...inputs } });
  });
  it("shows the digest that the tag names now", async () => {
    const { repository, other, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    await put(repository, "1.2.3", other);
    expect((await host.read(outs)).inputs?.["digest"]).toBe(other);
  });
  it("is gone where the registry says 404", async () => {
    const { inputs } = await pushed();
    expect(await host.read(inputs)).toEqual({});
  });
  it.each([401, 403, 500, 503])("fails and keeps the state where the registry says %i", async (status) => {
    const { inputs } = await pushed();
    const { outs } = await host.create(inputs);
    arm("GET", "before", { status }, /manifests/, Infinity);
    expect((await releaseErrorOf(host.read(outs))).parts.step).toBe(`checking: tagging ${inputs.repository} as 1.2.3`);
  });
  it("writes nothing", async () => {
    const { inputs } = await pushed();
    const { outs } = await host.create(inputs);
    const mark = world.sandbox.journal.mark();
    await host.read(outs);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });
});
