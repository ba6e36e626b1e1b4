import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { glob, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Asset } from "../../config/release/asset.ts";
import type { Lenient } from "../../config/lenient.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import { assetName } from "../../formats/release/asset-name.ts";
import { checksumsName } from "../../formats/release/checksums.ts";
import { signatureNames } from "../../formats/release/file-signature.ts";
import { recordName } from "../../formats/release/release-record.ts";
import type { Observed } from "./workspace/observed.ts";
import { fileKind } from "./workspace/file-kind.ts";

/** A file that becomes an asset. */
export interface AssetFile {
  /** Name on the Release: the file's own. */
  name: string;
  /** Path below the workspace. */
  path: string;
  /** False for a file that gets no bundle although its unit is signed. Left out for every other. */
  signed?: false;
}

/** An asset file with what a comparison needs. */
export interface HashedAsset extends AssetFile {
  /** Hex, 64 digits. */
  sha256: string;
  /** In bytes. */
  size: number;
}

/**
 * Finds the files that a unit attaches to its Release.
 * @param assets `assets` of the unit, as far as they can be read
 * @param signed whether each file gets a signature beside it, whose name must be free as well
 * @param at a place in `assets`, for messages
 * @returns the files sorted by name, without those that are mistakes
 */
export async function observeAssets(
  workspace: string,
  assets: readonly (Lenient<Asset> | undefined)[],
  signed: boolean,
  at: (...path: PropertyKey[]) => string,
): Promise<Observed<AssetFile[]>> {
  const matches = await Promise.all(assets.map((asset = {}) => matchedFiles(workspace, asset)));
  const mistakes: Mistake[] = [];
  const places = new Map<AssetFile, string>();
  for (const [number, { asset, files }] of matches.entries()) {
    const path = at(number);
    if (files.length === 0 && (asset.path ?? asset.glob) !== undefined) {
      mistakes.push(noAsset(path, asset));
    }
    for (const { file, unfit } of files) {
      const taken = takenReason(file.name, [...places.keys()]);
      if (unfit !== undefined) {
        mistakes.push({ path, value: file.path, reason: unfit, example: "another file, or another name for it" });
      } else if (taken !== undefined) {
        mistakes.push({ path, value: file.path, reason: taken, example: "files with different names" });
      } else {
        places.set(file, path);
      }
    }
  }
  return {
    found: [...places.keys()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    mistakes: [...mistakes, ...(signed ? signatureNameMistakes(places) : [])],
  };
}

async function matchedFiles(workspace: string, asset: Lenient<Asset>) {
  const files = await assetFiles(workspace, asset);
  const fits = files.map(async (file) => ({ file, unfit: await unfitReason(workspace, file) }));
  return { asset, files: await Promise.all(fits) };
}

/** Hashes a file as a stream: an asset may be as large as 2 GiB. */
export async function hashAsset(workspace: string, file: AssetFile): Promise<HashedAsset> {
  const hash = createHash("sha256");
  let size = 0;
  await pipeline(createReadStream(join(workspace, file.path)), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
    }
  });
  return { ...file, sha256: hash.digest("hex"), size };
}

async function assetFiles(workspace: string, asset: Lenient<Asset>): Promise<AssetFile[]> {
  const paths: string[] = [];
  if (asset.path !== undefined) {
    paths.push(asset.path);
  } else if (asset.glob !== undefined) {
    for await (const path of glob(asset.glob, { cwd: workspace })) {
      paths.push(path);
    }
  }
  const kinds = await Promise.all(paths.map((path) => fileKind(workspace, path)));
  return paths
    .filter((_, index) => kinds[index] === "file")
    .toSorted()
    .map((path) => ({ path, name: basename(path) }));
}

function noAsset(path: string, asset: Lenient<Asset>): Mistake {
  return asset.path === undefined
    ? {
        path: `${path}.glob`,
        value: asset.glob,
        reason: "matches no file",
        example: "`dist/*.tgz`, after the files were made",
      }
    : { path: `${path}.path`, value: asset.path, reason: "does not exist", example: "`deploy/install.yaml`" };
}

/**
 * Why GitHub would not accept a file, or not under its name. Without this check that would be known only after the version tags.
 * Source: REST "Upload a release asset"; docs.github.com "About releases" for the size.
 */
async function unfitReason(workspace: string, { name, path }: AssetFile): Promise<string | undefined> {
  if (!assetName.test(name)) {
    return "has a name that GitHub would change (letters, digits, `_`, `-`, and dots and `+` inside are kept)";
  }
  if (name === "__proto__") {
    return "has a name that programs lose when they read it in JSON, as the record has it";
  }
  if (name === "-") {
    return "has a name that commands read as their standard input";
  }
  const { size } = await stat(join(workspace, path));
  if (size === 0) {
    return "is empty, and GitHub accepts no empty files";
  }
  return size >= 2 ** 31 ? "is 2 GiB or larger, and GitHub accepts only smaller files" : undefined;
}

/** @param places path in the configuration of each file */
function signatureNameMistakes(places: ReadonlyMap<AssetFile, string>): Mistake[] {
  const files = [...places.keys()];
  return [...places].flatMap(([file, path]) => {
    const signed = files.find(({ name }) => signatureNames(name).some((own) => isOneFile(own, file.name)));
    if (signed === undefined) {
      return [];
    }
    const reason = `has the asset name \`${file.name}\` of the signature that Lockstep makes of ${signed.path}`;
    return [{ path, value: file.path, reason, example: "files with different names, or `signing: off`" }];
  });
}

/** Why a name cannot be another asset's: it is one already, or it is one of the files that Lockstep makes. */
function takenReason(name: string, assets: readonly AssetFile[]): string | undefined {
  const made = [checksumsName, recordName].flatMap((own) => [own, ...signatureNames(own)]);
  const others = [
    ...assets.map((asset) => ({ name: asset.name, whose: asset.path })),
    ...made.map((own) => ({ name: own, whose: "a file that Lockstep makes" })),
  ];
  const other = others.find((one) => isOneFile(one.name, name));
  if (other === undefined) {
    return undefined;
  }
  return other.name === name
    ? `has the asset name \`${name}\` of ${other.whose}`
    : `has the asset name \`${name}\`, and ${other.whose} has \`${other.name}\`: they are one file on macOS and Windows`;
}

/** Whether two names are one file on systems that ignore letter case. */
function isOneFile(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
