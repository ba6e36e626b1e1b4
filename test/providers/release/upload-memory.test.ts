import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { githubClient } from "../../sandbox/github-client.ts";

const world = connectedSandbox();
const size = 256 * 1024 ** 2;
/** Of that many zero bytes. */
const sha256 = "a6d72ac7690f53be6ae46ba88506bd97302a093f7108472bd9efc3cefda06484";
let growth: number;
let asset: Record<string, unknown> | undefined;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "upload-test-"));
  try {
    const file = await open(join(folder, "large.bin"), "w");
    await file.truncate(size);
    await file.close();
    const { fullName, owner, repo } = await world.repository();
    const api = githubClient(world.sandbox);
    const draft = await api.post(`/repos/${fullName}/releases`, { tag_name: "v1", draft: true });
    const script = join(import.meta.dirname, "upload-large-file.ts");
    const id = String(draft.body["id"]);
    const args = ["--expose-gc", script, owner, repo, id, join(folder, "large.bin"), String(size), sha256];
    growth = Number((await execa(process.execPath, args)).stdout);
    const { body } = await api.get(`/repos/${fullName}/releases/${id}/assets`);
    asset = (body as unknown as Record<string, unknown>[]).find(({ name }) => name === "large.bin");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

describe("attach, when a file of 256 MiB is attached", () => {
  it("is there with its bytes", () => {
    expect(asset).toMatchObject({ state: "uploaded", size, digest: `sha256:${sha256}` });
  });
  it("does not grow the process by more than a quarter of it", () => {
    expect(growth).toBeLessThan(64 * 1024 ** 2);
  });
});
