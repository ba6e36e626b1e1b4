import { imageRepositories } from "../runs/lane.ts";
import type { World } from "../world/world.ts";

/** Something that a person with write access does. */
export type Act = (typeof acts)[number];

/** Everything that a person may do. */
export const acts = [
  "deletes an asset",
  "replaces an asset",
  "adds an asset",
  "edits the text",
  "writes a draft",
  "deletes a draft",
  "moves a version tag",
  "deletes a version tag",
  "tags another commit",
] as const;

/**
 * Does something by hand.
 * @param random gives whole numbers from 0 to below its argument
 * @param tag git tag of the version
 * @returns what was done; undefined if there was nothing to do it to
 */
export async function actByHand(
  what: Act,
  world: World,
  tag: string,
  random: (below: number) => number,
): Promise<string | undefined> {
  const { repository } = world.gitHub;
  const releases = repository.releases.filter((release) => release.tag === tag);
  const release = releases[random(Math.max(1, releases.length))];
  const asset = release?.assets[random(Math.max(1, release.assets.length))];
  const name = (imageRepositories[random(imageRepositories.length)] ?? "").replace(/^[^/]+\//, "");
  const { tags } = world.registry.repository(name);
  const version = tag.replace(/^v/, "");
  switch (what) {
    case "deletes an asset":
      release?.assets.splice(asset === undefined ? 0 : release.assets.indexOf(asset), 1);
      return asset && `deletes ${asset.name} of ${release?.id}`;
    case "replaces an asset": {
      if (release === undefined || asset?.state !== "uploaded") {
        return undefined;
      }
      asset.id += 100_000;
      Object.assign(asset, await repository.assetBytes.write(asset.id, oneChunk("other bytes")));
      return `replaces ${asset.name} of ${release.id}`;
    }
    case "adds an asset": {
      const [id, one] = [200_000 + random(100_000), release?.assets[0]];
      if (release === undefined || one === undefined) {
        return undefined;
      }
      const written = await repository.assetBytes.write(id, oneChunk("a note"));
      release.assets.push({ ...one, id, name: `note-${id}.txt`, state: "uploaded", ...written });
      return `adds a note to ${release.id}`;
    }
    case "edits the text":
      if (release !== undefined) {
        release.body = `Dear all!\n\n${release.body ?? ""}`;
      }
      return release && `edits ${release.id}`;
    case "writes a draft":
      if (release === undefined) {
        return undefined;
      }
      repository.releases.push({
        ...structuredClone(release),
        id: 300_000 + random(1000),
        draft: true,
        assets: [],
        body: "My words",
      });
      return "writes a draft";
    case "deletes a draft":
      if (release?.draft !== true) {
        return undefined;
      }
      await repository.removeRelease(release);
      return `deletes the draft ${release.id}`;
    case "moves a version tag":
      if (!tags.has(version)) {
        return undefined;
      }
      tags.set(
        version,
        world.registry.put(
          name,
          "application/vnd.oci.image.index.v1+json",
          Buffer.from(`{"manifests":[],"number":${random(1000)}}`),
        ),
      );
      return `moves ${name}:${version}`;
    case "deletes a version tag":
      return tags.delete(version) ? `deletes ${name}:${version}` : undefined;
    case "tags another commit": {
      const made = await repository.git.createReference(`refs/tags/${tag}`, world.commits[0]);
      return made ? `tags ${world.commits[0]} as ${tag}` : undefined;
    }
  }
}

async function* oneChunk(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
