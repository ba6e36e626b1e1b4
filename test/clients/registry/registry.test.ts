import { describe, expect, it } from "vitest";
import { computeDigest } from "../../../formats/artifact/digest.ts";
import { getManifest, headManifest, putManifest } from "../../../clients/registry/registry.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { manifestType, registryClient } from "../../sandbox/registry-client.ts";
import { connectedSandbox } from "../connected-sandbox.ts";
import { failure } from "../failure.ts";

const world = connectedSandbox();
const missing = `sha256:${"0".repeat(64)}`;

/** Pushes an image with plain HTTP. */
async function pushed(tag = "1.0.0") {
  const { repository, name } = world.image();
  const digest = await registryClient(world.sandbox).pushImage(name, tag, `content of ${name}`);
  return { repository, name, digest };
}

/** Statuses of the requests for manifests since `mark`, those before the login left out. */
const statuses = (mark: number, method: string): number[] =>
  world.sandbox.journal
    .since(mark, { door: "registry", method, path: /\/manifests\// })
    .map(({ status }) => status)
    .filter((status) => status !== 401);

const arm = (method: string, act: FaultAct, times = 1): void => {
  world.sandbox.faults.add({ door: "registry", method, path: /\/manifests\//, when: "before", times, act });
};

describe("headManifest", () => {
  it("is found by tag", async () => {
    const { repository, digest } = await pushed();
    expect(await headManifest(repository, "1.0.0")).toMatchObject({ digest, mediaType: manifestType });
  });
  it("is found by digest", async () => {
    const { repository, digest } = await pushed();
    expect(await headManifest(repository, digest)).toMatchObject({ digest });
  });
  it("has the size of its bytes", async () => {
    const { repository } = await pushed();
    expect((await headManifest(repository, "1.0.0"))?.size).toBe(
      (await getManifest(repository, "1.0.0"))?.bytes.length,
    );
  });
  it.each(["2.0.0", missing])("is undefined where there is no %s", async (reference) => {
    const { repository } = await pushed();
    expect(await headManifest(repository, reference)).toBeUndefined();
  });
  it("is undefined in a repository that is not there", async () => {
    expect(await headManifest(world.image().repository, "1.0.0")).toBeUndefined();
  });
  it("is asked for once where it is not there", async () => {
    const { repository } = await pushed();
    const mark = world.sandbox.journal.mark();
    await headManifest(repository, "2.0.0");
    expect(statuses(mark, "HEAD")).toEqual([404]);
  });
});

describe("getManifest", () => {
  it("has the bytes that its digest is of", async () => {
    const { repository, digest } = await pushed();
    expect(computeDigest((await getManifest(repository, "1.0.0"))?.bytes ?? "")).toBe(digest);
  });
  it("has its media type without parameters", async () => {
    const { repository, name } = await pushed();
    const token = await registryClient(world.sandbox).bearer([`repository:${name}:pull`]);
    const raw = await registryClient(world.sandbox).send("GET", `/v2/${name}/manifests/1.0.0`, token, {
      headers: { accept: manifestType },
    });
    const headers = { "content-type": `${manifestType}; charset=utf-8` };
    arm("GET", { status: 200, headers, body: await raw.text() });
    expect((await getManifest(repository, "1.0.0"))?.mediaType).toBe(manifestType);
  });
  it.each(["2.0.0", missing])("is undefined where there is no %s", async (reference) => {
    const { repository } = await pushed();
    expect(await getManifest(repository, reference)).toBeUndefined();
  });
  it("is refused where its bytes are not of the digest", async () => {
    const { repository, digest } = await pushed();
    arm("GET", { status: 200, headers: { "content-type": manifestType }, body: "{}" });
    const error = await failure(ServerRefusal, getManifest(repository, digest));
    expect(error).toMatchObject({ words: `the registry sent other bytes (${computeDigest("{}")})`, transient: false });
  });
});

describe("putManifest", () => {
  it("stands under the tag with the same digest", async () => {
    const { repository, digest } = await pushed();
    const manifest = await getManifest(repository, digest);
    await putManifest(repository, "1.0.1", manifest ?? { bytes: Buffer.alloc(0), mediaType: "" });
    expect((await headManifest(repository, "1.0.1"))?.digest).toBe(digest);
  });
  it("keeps the registry's words where it is refused", async () => {
    const { repository, name, digest } = await pushed();
    const manifest = await getManifest(repository, digest);
    world.sandbox.registry.refuse(name);
    const error = await failure(
      ServerRefusal,
      putManifest(repository, "1.0.1", manifest ?? { bytes: Buffer.alloc(0), mediaType: "" }),
    );
    expect(error).toMatchObject({ status: 403, words: "DENIED: permission_denied: write_package" });
  });
  it("keeps the registry's words for a manifest whose blobs are not there", async () => {
    const { repository } = await pushed();
    const blob = { mediaType: "application/octet-stream", digest: missing, size: 1 };
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: blob, layers: [] }));
    const error = await failure(ServerRefusal, putManifest(repository, "1.0.1", { bytes, mediaType: manifestType }));
    expect(error.words).toContain("MANIFEST_BLOB_UNKNOWN");
  });
  it.each([500, 503])("is not sent again after %i", async (status) => {
    const { repository, digest } = await pushed();
    const manifest = await getManifest(repository, digest);
    arm("PUT", { status }, Infinity);
    const mark = world.sandbox.journal.mark();
    await failure(
      ServerRefusal,
      putManifest(repository, "1.0.1", manifest ?? { bytes: Buffer.alloc(0), mediaType: "" }),
    );
    expect(statuses(mark, "PUT")).toEqual([status]);
  });
});

describe("the registry client, when the registry refuses", () => {
  const errors = (code: string, message: string) => ({ errors: [{ code, message }] });
  it.each([
    [401, errors("UNAUTHORIZED", "authentication required"), "UNAUTHORIZED: authentication required"],
    [403, errors("DENIED", "permission_denied: read_package"), "DENIED: permission_denied: read_package"],
    [500, errors("UNKNOWN", "disk full"), "UNKNOWN: disk full"],
    [502, "<html>Bad gateway</html>\n<p>more</p>", "<html>Bad gateway</html>"],
    [503, "", "Service Unavailable"],
  ])("passes its words on with status %i", async (status, body, words) => {
    const { repository } = await pushed();
    arm("GET", { status, body }, Infinity);
    expect(await failure(ServerRefusal, getManifest(repository, "1.0.0"))).toMatchObject({ status, words });
  });
  it("finds the words that a HEAD answer cannot carry", async () => {
    const { repository } = await pushed();
    arm("HEAD", { status: 403 }, Infinity);
    arm("GET", { status: 403, body: errors("DENIED", "permission_denied: read_package") }, Infinity);
    expect((await failure(ServerRefusal, headManifest(repository, "1.0.0"))).words).toBe(
      "DENIED: permission_denied: read_package",
    );
  });
  it("takes the answer of GET where only HEAD is refused", async () => {
    const { repository, digest } = await pushed();
    arm("HEAD", { status: 403 });
    expect((await headManifest(repository, "1.0.0"))?.digest).toBe(digest);
  });
  it("names method and address", async () => {
    const { repository, name } = await pushed();
    arm("GET", { status: 403 });
    const error = await failure(ServerRefusal, getManifest(repository, "1.0.0"));
    expect(error.request).toBe(`GET http://${world.sandbox.addresses.registry}/v2/${name}/manifests/1.0.0`);
  });
});

describe("the registry client, when the registry fails for a while", () => {
  it("is asked again until it answers", async () => {
    const { repository, digest } = await pushed();
    arm("GET", { status: 503 }, 4);
    expect((await getManifest(repository, "1.0.0"))?.digest).toBe(digest);
  });
  it("is asked five times, no more", async () => {
    const { repository } = await pushed();
    arm("GET", { status: 503 }, Infinity);
    const mark = world.sandbox.journal.mark();
    await failure(ServerRefusal, getManifest(repository, "1.0.0"));
    expect(statuses(mark, "GET")).toEqual([503, 503, 503, 503, 503]);
  });
  it("is asked once where it denies", async () => {
    const { repository } = await pushed();
    arm("GET", { status: 403 }, Infinity);
    const mark = world.sandbox.journal.mark();
    await failure(ServerRefusal, getManifest(repository, "1.0.0"));
    expect(statuses(mark, "GET")).toEqual([403]);
  });
  it("is asked again after a reset", async () => {
    const { repository, digest } = await pushed();
    arm("GET", "reset", 2);
    expect((await getManifest(repository, "1.0.0"))?.digest).toBe(digest);
  });
  it("has status 0 where it never answers", async () => {
    const { repository } = await pushed();
    arm("GET", "reset", Infinity);
    expect((await failure(ServerRefusal, getManifest(repository, "1.0.0"))).status).toBe(0);
  });
  it("tells why no answer came", async () => {
    const error = await failure(ServerRefusal, getManifest("127.0.0.1:1/acme/app", "1.0.0"));
    expect(error.words).toMatch(/ECONNREFUSED|bad port/);
  });
  it("is not asked before the time that it named", async () => {
    const { repository } = await pushed();
    await getManifest(repository, "1.0.0");
    arm("GET", { status: 429, headers: { "retry-after": "1" } });
    const began = performance.now();
    await getManifest(repository, "1.0.0");
    expect(performance.now() - began).toBeGreaterThanOrEqual(999);
  });
  it("is not waited for where it asks for an hour", async () => {
    const { repository } = await pushed();
    arm("GET", { status: 429, headers: { "retry-after": "3600" } }, Infinity);
    const mark = world.sandbox.journal.mark();
    await failure(ServerRefusal, getManifest(repository, "1.0.0"));
    expect(statuses(mark, "GET")).toEqual([429]);
  });
});
