import { chmod, lutimes, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { pack } from "tar-stream";

/** The contents of files by their paths. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** A chart as it lies in someone's repository. */
export interface RealChart {
  /** Of the chart; its folder is called `folder`, or the same. */
  name: string;
  files: Files;
  /** Targets of symbolic links by their paths. */
  links?: Readonly<Record<string, string>>;
  /** Paths of files that may be executed. */
  scripts?: readonly string[];
  /** Folders in which nothing is. */
  empty?: readonly string[];
}

/** What differs between two checkouts of one commit. */
export interface Checkout {
  /** Of every file, and of the entries of the archives in charts/: `helm dependency build` writes them anew. */
  time: Date;
  /** How strongly those archives are compressed: 1 to 9. */
  level: number;
}

/**
 * Makes an archive of a chart as `helm package` does: with file times and another compression than Lockstep's.
 * @param name of the chart: the folder in the archive
 */
export async function archive(name: string, files: Files, { time, level }: Checkout): Promise<Buffer> {
  const tar = pack();
  for (const [path, content] of Object.entries(files)) {
    tar.entry({ name: `${name}/${path}`, mode: 0o644, mtime: time }, content);
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) {
    chunks.push(chunk as Uint8Array);
  }
  return promisify(gzip)(Buffer.concat(chunks), { level });
}

/** Writes a chart to a folder, with the modes that this process's umask leaves. */
export async function writeChart(folder: string, chart: RealChart, { time }: Checkout): Promise<void> {
  const place = async (path: string): Promise<string> => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    return file;
  };
  for (const [path, content] of Object.entries(chart.files)) {
    await writeFile(await place(path), content);
    await utimes(join(folder, path), time, time);
  }
  for (const [path, target] of Object.entries(chart.links ?? {})) {
    await symlink(target, await place(path));
    await lutimes(join(folder, path), time, time);
  }
  for (const path of chart.scripts ?? []) {
    await chmod(join(folder, path), 0o777 & ~process.umask());
  }
  for (const path of chart.empty ?? []) {
    await mkdir(join(folder, path), { recursive: true });
  }
}
