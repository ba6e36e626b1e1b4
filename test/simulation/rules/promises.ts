import { bundleName, signatureNames } from "../../../formats/release/file-signature.ts";
import { checksumsName } from "../../../formats/release/checksums.ts";
import { readOwner } from "../../../formats/release/release-mark.ts";
import { readRecord, recordName } from "../../../formats/release/release-record.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import { provenancePredicate, signaturePredicate } from "../../../formats/signing/statement.ts";
import { identity } from "../world/bundle.ts";
import { judgeBlob } from "../world/verification.ts";
import type { World } from "../world/world.ts";
import { attachedTypes } from "./things.ts";

/** A promise that is not kept: which thing is wrong, and how. */
export interface Broken {
  thing: string;
  words: string;
  /** Another thing whose change may have broken it: the tag that names a digest, the file that a signature is of. Default none. */
  by?: string;
}

/** Records of the Releases that became public, by id: what they promised then. */
export type Promised = Map<number, ReleaseRecord>;

/** I1: what public Releases of ours promise and the world does not have. */
export function findBrokenReleases(world: World, promised: Promised): Broken[] {
  const { registry, gitHub } = world;
  return gitHub.releases().flatMap((release): Broken[] => {
    if (release.draft || readOwner(release.body ?? "") === undefined) {
      return [];
    }
    const { id, assets } = release;
    const find = (name: string) => assets.find((asset) => asset.name === name && asset.state === "uploaded");
    const text = gitHub.assetText(find(recordName)?.id);
    const record = promised.get(id) ?? (text === undefined ? undefined : readRecord(text));
    if (record === undefined) {
      return [{ thing: `asset ${id} ${recordName}`, words: `${release.tag} is public without its record` }];
    }
    promised.set(id, record);
    const tags = Object.values(record.artifacts).flatMap(({ repository, tag, digest }): Broken[] => {
      const name = repository.slice(repository.indexOf("/") + 1);
      const found = registry.find(name, tag)?.digest ?? "nothing";
      const words = `${release.tag} is public, but ${repository}:${tag} is ${found}`;
      return found === digest ? [] : [{ thing: `tag ${name}:${tag}`, words }];
    });
    const wanted = [...Object.keys(record.assets), checksumsName, recordName];
    const missing = [...new Set(wanted)].flatMap((name): Broken[] => {
      const found = find(name);
      const sha256 = record.assets[name];
      const right = found !== undefined && (sha256 === undefined || found.digest === `sha256:${sha256}`);
      return right ? [] : [{ thing: `asset ${id} ${name}`, words: `${release.tag} is public without ${name}` }];
    });
    const unsigned =
      record.policy.signing === "off"
        ? []
        : [...new Set(wanted)].flatMap((name) => unverified(world, release.id, name));
    const git = gitHub.tags().get(release.tag);
    const moved =
      git === record.revision ? [] : [{ thing: `git ${release.tag}`, words: `${release.tag} is at ${git}` }];
    return [...tags, ...missing, ...unsigned, ...moved];
  });
}

/** Whether a file of a public Release has signatures that do not verify, or none: bundle and bare signature count as one thing. */
function unverified({ gitHub }: World, id: number, name: string): Broken[] {
  const release = gitHub.releases().find((one) => one.id === id);
  const find = (asset: string) => release?.assets.find((one) => one.name === asset && one.state === "uploaded");
  const digest = find(name)?.digest?.slice("sha256:".length) ?? "";
  const bundle = gitHub.assetText(find(bundleName(name))?.id);
  const verdict = bundle === undefined ? undefined : judgeBlob(bundle, digest, identity);
  const [, bare] = signatureNames(name);
  const agrees =
    verdict?.verified === true && (bare === undefined || gitHub.assetText(find(bare)?.id)?.trim() === verdict.value);
  const thing = `asset ${id} ${verdict?.verified === true && bare !== undefined ? bare : bundleName(name)}`;
  const words = `${release?.tag} is public without a valid signature of ${name}`;
  return agrees ? [] : [{ thing, words, by: `asset ${id} ${name}` }];
}

/** I2: version tags whose digest is not signed and attested as the policy asks. */
export function findUnsignedTags(world: World): Broken[] {
  const { registry } = world;
  return [...registry.repositories].flatMap(([name, { tags, manifests }]) =>
    [...tags].flatMap(([tag, digest]): Broken[] => {
      if (tag.startsWith("sha256-")) {
        return [];
      }
      const children = (manifests.get(digest)?.content.manifests ?? []).map((child) => ({
        digest: child.digest,
        wanted: [signaturePredicate],
      }));
      return [{ digest, wanted: [signaturePredicate, provenancePredicate] }, ...children].flatMap((one) => {
        const there = attachedTypes({ registry }, name, one.digest);
        const lost = one.wanted.filter((type) => !there.includes(type));
        const words = `${name}:${tag} is there, but ${one.digest} has no ${lost.join(", ")}`;
        return lost.length === 0 ? [] : [{ thing: `attached ${name}@${one.digest}`, words, by: `tag ${name}:${tag}` }];
      });
    }),
  );
}
