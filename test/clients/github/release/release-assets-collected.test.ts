import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { gitHub } from "../../../../clients/github/github.ts";
import { uploadAsset } from "../../../../clients/github/release/release-assets.ts";
import { connectedSandbox } from "../../connected-sandbox.ts";

const world = connectedSandbox();

describe("readAssetText, when garbage is collected while assets are downloaded", () => {
  it("reads every byte of every asset", async () => {
    const { owner, repo } = await world.repository();
    const release = await gitHub().rest.repos.createRelease({ owner, repo, tag_name: "v1.0.0", draft: true });
    const text = "something to read\n".repeat(100);
    const content = { name: "read.txt", size: text.length, source: { text } };
    await uploadAsset(release.data, content, () => {});
    // In a process of its own: to collect its garbage takes milliseconds, and that of all tests a second.
    const script = join(import.meta.dirname, "download-while-collecting.ts");
    const run = await execa(process.execPath, ["--expose-gc", script, owner, repo, String(release.data.id)]);
    const { lengths, collections } = JSON.parse(run.stdout) as { lengths: number[]; collections: number };
    expect(lengths).toEqual(Array.from({ length: 16 }, () => text.length));
    expect(collections).toBeGreaterThan(10);
  });
});
