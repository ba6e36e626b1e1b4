import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { glob, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Mistake } from "../../errors/configuration-error.ts";
import { assetName } from "../../formats/release/asset-name.ts";
import { checksumsName } from "../../formats/release/checksums.ts";
import { signatureNames } from "../../formats/release/file-signature.ts";
import { recordName } from "../../formats/release/release-record.ts";
import type { Outline } from "../../config/release/outline.ts";
import { fileKind } from "./workspace/file-kind.ts";
import { observeSbom } from "./artifact/sbom.ts";
import type { SbomFile } from "./artifact/sbom.ts";

/** A file that becomes an asset. */
export interface AssetFile {
  /** Name on the Release: the file's own. */
  name: string;
  /** Path below the workspace. */
  path: string;
}

/** An asset file with what a comparison needs. */
export interface HashedAsset extends AssetFile {
  /** Hex, 64 digits. */
  sha256: string;
  /** In bytes. */
  size: number;
}

/** What the configuration of one unit names and the workspace has. */
export interface UnitFiles {
  assets: AssetFile[];
  /** CHANGELOG.md or the file that `notes.changelog` names; undefined where there is none. */
  changelog: string | undefined;
  /** The file that `notes.file` names. */
  notes: string | undefined;
  /** What `sbom` of each image names, in the order of the images; undefined where an image has none. */
  sboms: (SbomFile | undefined)[];
}

/**
 * Looks for every file that the configuration names. Reads only.
 * @returns a unit's files in the order of the outline, and a mistake for each that is not there
 */
export async function observeFiles(
  outline: Outline,
  pathOf: (path: readonly PropertyKey[]) => string,
): Promise<{ units: UnitFiles[]; mistakes: Mistake[] }> {
  const mistakes: Mistake[] = [];
  const units = await Promise.all(
    outline.units.map(async (unit, index) => {
      const at = (...path: PropertyKey[]): string => pathOf(["units", index, ...path]);
      const found = await Promise.all([
        ...unit.images.map((image, number) => missingBuildFiles(outline.workspace, image, at("images", number))),
        missingNotes(outline.workspace, unit.notes, at("notes")),
      ]);
      mistakes.push(...found.flat());
      const sboms = await Promise.all(
        unit.images.map(async ({ sbom }, number) => {
          const read =
            sbom === undefined ? undefined : await observeSbom(outline.workspace, sbom, at("images", number, "sbom"));
          if (read === undefined || "sha256" in read) {
            return read;
          }
          mistakes.push(read);
          return undefined;
        }),
      );
      const notes = await textOf(outline.workspace, unit.notes?.file);
      const assets: AssetFile[] = [];
      const places = new Map<AssetFile, string>();
      for (const [number, asset] of unit.assets.entries()) {
        const matched = await assetFiles(outline.workspace, asset);
        const path = at("assets", number);
        if (matched.length === 0 && (asset.path ?? asset.glob) !== undefined) {
          mistakes.push(noAsset(path, asset));
        }
        for (const file of matched) {
          const unfit = await unfitReason(outline.workspace, file);
          if (unfit !== undefined) {
            mistakes.push({ path, value: file.path, reason: unfit, example: "another file, or another name for it" });
            continue;
          }
          const taken = takenReason(file.name, assets);
          if (taken === undefined) {
            assets.push(file);
            places.set(file, path);
          } else {
            mistakes.push({ path, value: file.path, reason: taken, example: "files with different names" });
          }
        }
      }
      if (unit.signing !== "off") {
        mistakes.push(...signatureNameMistakes(places));
      }
      return {
        assets: assets.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        changelog: await textOf(outline.workspace, unit.notes ? unit.notes.changelog : "CHANGELOG.md"),
        notes,
        sboms,
      };
    }),
  );
  return { units, mistakes };
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

async function missingBuildFiles(
  workspace: string,
  image: { context?: string | undefined; dockerfile?: string | undefined },
  path: string,
): Promise<Mistake[]> {
  const context = image.context ?? ".";
  const kind = await fileKind(workspace, context);
  if (kind !== "folder") {
    return [
      {
        path: `${path}.context`,
        value: context,
        reason: kind === "file" ? "is a file, no folder" : "does not exist",
        example: "`.`",
      },
    ];
  }
  const dockerfile = image.dockerfile ?? join(context, "Dockerfile");
  if ((await fileKind(workspace, dockerfile)) === "file") {
    return [];
  }
  return [
    { path: `${path}.dockerfile`, value: dockerfile, reason: "does not exist", example: "`Dockerfile` in the context" },
  ];
}

async function missingNotes(
  workspace: string,
  notes: { changelog?: string | undefined; file?: string | undefined } | undefined,
  path: string,
): Promise<Mistake[]> {
  const [key, file] = notes?.changelog === undefined ? ["file", notes?.file] : ["changelog", notes.changelog];
  if (file === undefined || (await fileKind(workspace, file)) === "file") {
    return [];
  }
  return [{ path: `${path}.${key}`, value: file, reason: "does not exist", example: "`CHANGELOG.md`" }];
}

async function assetFiles(
  workspace: string,
  asset: { path?: string | undefined; glob?: string | undefined },
): Promise<AssetFile[]> {
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

function noAsset(path: string, asset: { path?: string | undefined; glob?: string | undefined }): Mistake {
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
 * Why GitHub would not take a file, or not under its name; known only after the version tags otherwise.
 * Source: REST "Upload a release asset"; docs.github.com "About releases" for the size.
 */
async function unfitReason(workspace: string, { name, path }: AssetFile): Promise<string | undefined> {
  if (!assetName.test(name)) {
    return "has a name that GitHub would change (letters, digits, `_`, `-`, and dots inside are kept)";
  }
  if (name === "__proto__") {
    return "has a name that programs lose when they read it in JSON, as the record has it";
  }
  if (name === "-") {
    return "has a name that commands take for their standard input";
  }
  const { size } = await stat(join(workspace, path));
  if (size === 0) {
    return "is empty, and GitHub takes no empty files";
  }
  return size >= 2 ** 31 ? "has 2 GiB or more, and GitHub takes no larger files" : undefined;
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

/** Whether two names are of one file on systems that do not look at letter case. */
function isOneFile(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

async function textOf(workspace: string, path: string | undefined): Promise<string | undefined> {
  return path === undefined || (await fileKind(workspace, path)) !== "file"
    ? undefined
    : readFile(join(workspace, path), "utf8");
}
