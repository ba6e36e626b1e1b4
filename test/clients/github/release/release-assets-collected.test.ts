import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { gitHub } from "../../../../clients/github/github.ts";
import { assetText, uploadAsset } from "../../../../clients/github/release/release-assets.ts";
import { connectedSandbox } from "../../connected-sandbox.ts";

const world = connectedSandbox();

describe("assetBytesSha256, when garbage is collected while assets are downloaded", () => {
  it("reads every byte of every asset", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { owner, repo } = await world.repository();
    const repository = { owner, repo };
    const release = await gitHub().rest.repos.createRelease({ ...repository, tag_name: "v1.0.0", draft: true });
    const text = "something to read\n".repeat(100);
    const content = { name: "read.txt", size: text.length, source: { text } };
    const asset = await uploadAsset(release.data, content, () => {});
    const collecting = setInterval(collect, 0);
    try {
      for (let round = 0; round < 2; round++) {
        const texts = await Promise.all(Array.from({ length: 8 }, () => assetText(repository, asset)));
        expect(texts.map((one) => one.length)).toEqual(texts.map(() => text.length));
      }
    } finally {
      clearInterval(collecting);
    }
  });
});
