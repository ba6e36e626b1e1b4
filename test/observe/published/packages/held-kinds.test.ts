import { describe, expect, it } from "vitest";
import { putBlob } from "../../../../clients/registry/blob-upload.ts";
import { putManifest } from "../../../../clients/registry/registry.ts";
import { findHeldKinds } from "../../../../observe/published/packages/held-kinds.ts";
import { connectedSandbox } from "../../../clients/connected-sandbox.ts";
import { digestOf, manifestType, registryClient } from "../../../sandbox/registry-client.ts";

const world = connectedSandbox();

/** A repository with images under the tags, and charts under the others. */
async function pushed({ images = [], charts = [] }: { images?: readonly string[]; charts?: readonly string[] }) {
  const { repository, name } = world.image();
  for (const tag of images) {
    await registryClient(world.sandbox).pushImage(name, tag, tag);
  }
  for (const tag of charts) {
    const config = Buffer.from("{}");
    const mediaType = "application/vnd.cncf.helm.config.v1+json";
    await putBlob(repository, config, mediaType);
    const described = { mediaType, digest: digestOf(config), size: config.length };
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, config: described, layers: [] }));
    await putManifest(repository, tag, { mediaType: manifestType, bytes });
  }
  return { repository, tags: [...images, ...charts] };
}

describe("findHeldKinds", () => {
  it("names the kind of the highest versions, whatever the order of the list", async () => {
    const { repository, tags } = await pushed({ images: ["1.9.0", "1.10.0"], charts: ["2.0.0-rc.1", "1.2.0"] });
    expect(await findHeldKinds(repository, tags)).toEqual([
      { tag: "2.0.0-rc.1", kind: "chart" },
      { tag: "1.10.0", kind: "image" },
      { tag: "1.9.0", kind: "image" },
    ]);
  });

  it("looks at other tags where there are few versions", async () => {
    const { repository, tags } = await pushed({ images: ["latest"], charts: ["1.0.0"] });
    expect(await findHeldKinds(repository, tags)).toEqual([
      { tag: "1.0.0", kind: "chart" },
      { tag: "latest", kind: "image" },
    ]);
  });

  it("reads no more than three manifests, and none of an attachment", async () => {
    const { repository } = await pushed({ images: ["1.0.0"] });
    const tags = ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "latest", `sha256-${"0".repeat(64)}`];
    await findHeldKinds(repository, ["1.0.0"]);
    const mark = world.sandbox.journal.mark();
    await findHeldKinds(repository, tags);
    const asked = world.sandbox.journal.since(mark).map(({ path }) => path.split("/").at(-1));
    expect(asked.toSorted()).toEqual(["1.0.1", "1.0.2", "1.0.3"]);
    expect(await findHeldKinds(repository, [`sha256-${"0".repeat(64)}`])).toEqual([]);
  });

  it("passes over a tag that no request can name", async () => {
    const { repository } = await pushed({ images: ["1.0.0"] });
    expect(await findHeldKinds(repository, ["../../other/manifests/latest", "1.0.0"])).toEqual([
      { tag: "1.0.0", kind: "image" },
    ]);
  });
});
