import { createHash } from "node:crypto";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assetName } from "../../../../sandbox/github/releases/asset-routes.ts";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { heldMemoryGrowth } from "../../held-memory.ts";
import { digestOf } from "../../registry-client.ts";
import { pushCommits, temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
let draft: Record<string, unknown>;
const releasesPath = "/repos/acme/widgets/releases";

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  await pushCommits((await sandbox.github.createRepository("acme/widgets")).gitDir);
  draft = (await api.post(releasesPath, { tag_name: "v1.0.0", draft: true })).body;
});
afterAll(() => forget());

const assets = async () => {
  const { body } = await api.get(`${releasesPath}/${String(draft["id"])}/assets`);
  return body as unknown as { id: number; name: string; state: string }[];
};

describe("the sandbox's assets, when an asset is uploaded", () => {
  it("tells its size, digest and state", async () => {
    const { status, body } = await api.upload(draft, "greeting.txt", "hello");
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: "greeting.txt",
      state: "uploaded",
      size: 5,
      digest: digestOf("hello"),
      content_type: "text/plain",
      download_count: 0,
    });
  });
  it("refuses a second one of the name in GitHub's words", async () => {
    const { status, body } = await api.upload(draft, "greeting.txt", "hello");
    expect(status).toBe(422);
    expect(body).toEqual({
      message: "Validation Failed",
      request_id: expect.any(String),
      errors: [{ resource: "ReleaseAsset", code: "already_exists", field: "name" }],
    });
  });
  it("gives its bytes back to who asks for them", async () => {
    const [asset] = await assets();
    const answer = await fetch(`${sandbox.addresses.api}${releasesPath}/assets/${asset?.id}`, {
      headers: { accept: "application/octet-stream", authorization: `Bearer ${sandbox.environment["GITHUB_TOKEN"]}` },
    });
    expect(await answer.text()).toBe("hello");
  });
  it("is renamed and deleted", async () => {
    const { body } = await api.upload(draft, "old.txt", "x");
    const path = `${releasesPath}/assets/${String(body["id"])}`;
    const renamed = await api.patch(path, { name: "new.txt" });
    const deleted = await api.delete(path);
    expect([renamed.body["name"], deleted.status, (await api.get(path)).status]).toEqual(["new.txt", 204, 404]);
  });
  it("needs bytes", async () => {
    const { status, body } = await api.upload(draft, "nothing.txt", "");
    expect([status, body["message"]]).toEqual([400, "Bad Content-Length"]);
  });
});

describe("the sandbox's assets, when a name has special characters", () => {
  it.each([
    ["my file.txt", "my.file.txt"],
    ["app_1.0.0~rc1_amd64.deb", "app_1.0.0.rc1_amd64.deb"],
    ["app-1.0.0+build.tgz", "app-1.0.0+build.tgz"],
    ["a  (b).txt", "a.b..txt"],
    [".env", "default.env"],
    ["scope@1.tgz", "scope@1.tgz"],
  ])("stores %s as %s", (given, stored) => {
    expect(assetName(given)).toBe(stored);
  });
});

describe("the sandbox's assets, when an upload fails upstream", () => {
  it("answers 502, leaves a starter, and the name is taken until that is deleted", async () => {
    sandbox.github.breakUpload({ name: /^broken/ });
    const failed = await api.upload(draft, "broken.txt", "bytes");
    const starter = (await assets()).find(({ name }) => name === "broken.txt");
    const again = await api.upload(draft, "broken.txt", "bytes");
    await api.delete(`${releasesPath}/assets/${starter?.id}`);
    const last = await api.upload(draft, "broken.txt", "bytes");
    expect([failed.status, starter?.state, again.status, last.status]).toEqual([502, "starter", 422, 201]);
  });
});

describe("the sandbox's assets, when the uploader dies half-way", () => {
  it("leaves a starter and no bytes, and the journal has status 0", async () => {
    const mark = sandbox.journal.mark();
    const address = new URL(String(draft["upload_url"]).replace("{?name,label}", "?name=half.bin"));
    const authorization = `Bearer ${sandbox.environment["GITHUB_TOKEN"]}`;
    const outgoing = request(address, {
      method: "POST",
      headers: { authorization, "content-length": "1000", "user-agent": "t" },
    });
    outgoing.on("error", () => undefined);
    outgoing.write("half");
    await expect.poll(async () => (await assets()).some(({ name }) => name === "half.bin")).toBe(true);
    outgoing.destroy();
    const uploads = () => sandbox.journal.writes(mark, { path: /half\.bin/ });
    await expect.poll(() => uploads()[0]?.end).toBeLessThan(Infinity);
    expect(uploads()[0]?.status).toBe(0);
    expect((await assets()).find(({ name }) => name === "half.bin")).toMatchObject({
      state: "starter",
      size: 0,
      digest: null,
    });
  });
});

describe("the sandbox's assets, when the release is published", () => {
  it("offers downloads under its tag, and counts them", async () => {
    const id = String(draft["id"]);
    const { body } = await api.patch(`${releasesPath}/${id}`, { draft: false });
    const list = body["assets"] as { name: string; browser_download_url: string; id: number }[];
    const asset = list.find(({ name }) => name === "greeting.txt");
    expect(asset?.browser_download_url).toBe(
      `${sandbox.addresses.web}/acme/widgets/releases/download/v1.0.0/greeting.txt`,
    );
    expect(await (await fetch(asset?.browser_download_url ?? "")).text()).toBe("hello");
    expect((await api.get(`${releasesPath}/assets/${asset?.id}`)).body["download_count"]).toBe(2);
  });
});

describe("the sandbox's assets, when an asset has 160 MB", () => {
  it("goes to disk without being held in memory", { timeout: 60_000 }, async () => {
    const piece = Buffer.alloc(1024 * 1024, 7);
    const pieces = Array.from({ length: 160 }, () => piece);
    const hash = createHash("sha256");
    pieces.forEach((part) => hash.update(part));
    const target = (await api.post(releasesPath, { tag_name: "large", draft: true })).body;
    let digest: unknown;
    const growth = await heldMemoryGrowth(async () => {
      const headers = { "content-length": String(160 * piece.length) };
      const init: RequestInit = { duplex: "half", headers };
      digest = (await api.upload(target, "large.bin", ReadableStream.from(pieces), init)).body["digest"];
    });
    expect(digest).toBe(`sha256:${hash.digest("hex")}`);
    expect(growth / 1024 / 1024).toBeLessThan(64);
  });
});

describe("the sandbox's assets, when all of the above is done", () => {
  it("found nothing", () => {
    expect(sandbox.violations()).toEqual([]);
  });
});
