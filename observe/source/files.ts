import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { glob, readFile, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Mistake } from "../../errors/configuration-error.ts";
import { checksumsName } from "../../formats/checksums.ts";
import { recordName } from "../../formats/release-record.ts";
import type { Outline } from "../../spec/outline.ts";

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
      const notes = await textOf(outline.workspace, unit.notes?.file);
      if ((notes?.length ?? 0) > longestNotes) mistakes.push(tooLong(at("notes", "file"), unit.notes?.file));
      const assets: AssetFile[] = [];
      for (const [number, asset] of unit.assets.entries()) {
        const matched = await assetFiles(outline.workspace, asset);
        const path = at("assets", number);
        if (matched.length === 0 && (asset.path ?? asset.glob) !== undefined) mistakes.push(noAsset(path, asset));
        for (const file of matched) {
          const unfit = await unfitReason(outline.workspace, file);
          if (unfit !== undefined) {
            mistakes.push({ path, value: file.path, reason: unfit, example: "another file, or another name for it" });
            continue;
          }
          const other = assets.find(({ name }) => name === file.name)?.path ?? reserved(file.name);
          if (other === undefined) assets.push(file);
          else
            mistakes.push({
              path,
              value: file.path,
              reason: `has the asset name \`${file.name}\` of ${other}`,
              example: "files with different names",
            });
        }
      }
      return {
        assets: assets.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        changelog: await textOf(outline.workspace, unit.notes ? unit.notes.changelog : "CHANGELOG.md"),
        notes,
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
  const kind = await kindOf(workspace, context);
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
  if ((await kindOf(workspace, dockerfile)) === "file") return [];
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
  if (file === undefined || (await kindOf(workspace, file)) === "file") return [];
  return [{ path: `${path}.${key}`, value: file, reason: "does not exist", example: "`CHANGELOG.md`" }];
}

async function assetFiles(
  workspace: string,
  asset: { path?: string | undefined; glob?: string | undefined },
): Promise<AssetFile[]> {
  const paths: string[] = [];
  if (asset.path !== undefined) paths.push(asset.path);
  else if (asset.glob !== undefined) for await (const path of glob(asset.glob, { cwd: workspace })) paths.push(path);
  const kinds = await Promise.all(paths.map((path) => kindOf(workspace, path)));
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

/** GitHub takes 125,000 characters; the rest is for what Lockstep adds. */
const longestNotes = 110_000;

function tooLong(path: string, file: string | undefined): Mistake {
  const reason = `has more than ${longestNotes} characters, and GitHub takes no longer notes`;
  return {
    path,
    value: file,
    reason,
    example: "`notes: {changelog: CHANGELOG.md}`, which takes the version's section only",
  };
}

/**
 * Why GitHub would not take a file, or not under its name; known only after the version tags otherwise.
 * Source: REST "Upload a release asset"; docs.github.com "About releases" for the size.
 */
async function unfitReason(workspace: string, { name, path }: AssetFile): Promise<string | undefined> {
  if (!/^[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?$/.test(name)) {
    return "has a name that GitHub would change (letters, digits, `_`, `-`, and dots inside are kept)";
  }
  const { size } = await stat(join(workspace, path));
  if (size === 0) return "is empty, and GitHub takes no empty files";
  return size >= 2 ** 31 ? "has 2 GiB or more, and GitHub takes no larger files" : undefined;
}

function reserved(name: string): string | undefined {
  return [checksumsName, recordName].some((own) => name === own || name === `${own}.sigstore.json`)
    ? "a file that Lockstep makes"
    : undefined;
}

/** A link that leads out of the workspace leads to nothing: what it names is not in the commit that is released. */
async function kindOf(workspace: string, path: string): Promise<"file" | "folder" | "missing"> {
  try {
    const [root, target] = await Promise.all([realpath(workspace), realpath(join(workspace, path))]);
    if (target !== root && !target.startsWith(root + sep)) return "missing";
    return (await stat(target)).isDirectory() ? "folder" : "file";
  } catch {
    return "missing";
  }
}

async function textOf(workspace: string, path: string | undefined): Promise<string | undefined> {
  return path === undefined || (await kindOf(workspace, path)) !== "file"
    ? undefined
    : readFile(join(workspace, path), "utf8");
}
