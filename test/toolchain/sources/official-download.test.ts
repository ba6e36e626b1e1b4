import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { ToolError } from "../../../toolchain/machine/tool-error.mjs";
import { toolPaths } from "../../../toolchain/machine/tool-paths.mjs";
import { downloadElseBuild, installRelease } from "../../../toolchain/sources/official-download.mjs";
import { officialRelease } from "../../../toolchain/sources/official-release.mjs";
import type { OfficialRelease, ReleasedKey } from "../../../toolchain/sources/official-release.mjs";
import { transferLimits } from "../../../toolchain/sources/transfer.mjs";
import { serveDownloads } from "../download-host.ts";
import type { Answer } from "../download-host.ts";
import { makeUpJob, makeUpMachine } from "../made-up-machine.ts";
import type { MadeUpMachine } from "../made-up-machine.ts";

const soon = { answer: 50, idle: 50, whole: 60_000 };
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

function releaseOf(key: ReleasedKey, machine: MadeUpMachine): OfficialRelease & { url: string; sumsUrl: string } {
  const release = officialRelease(key, machine);
  if (release === undefined) {
    throw new Error(`${key} has no release`);
  }
  const { address, file, sums } = release;
  return { ...release, url: `${address}/${file}`, sumsUrl: `${address}/${sums}` };
}

/** A release's file as its makers build it: every program says its own name; an archive has more than what is wanted. */
async function makeFile(machine: MadeUpMachine, key: ReleasedKey, names: readonly string[]): Promise<Buffer> {
  const { inside, file } = releaseOf(key, machine);
  if (inside === undefined) {
    return Buffer.from(`official ${names[0]}`);
  }
  const folder = join(machine.folder, "made", inside);
  await mkdir(folder, { recursive: true });
  for (const name of [...names, ...(key === "pulumi" ? [] : ["README.md"])]) {
    await writeFile(join(folder, name), `official ${name}`);
  }
  const archive = join(machine.folder, file);
  await execa("tar", ["-czf", archive, "-C", join(machine.folder, "made"), inside === "." ? "registry" : inside]);
  return readFile(archive);
}

/** What is published beside it, in the form that the makers of the tool have. */
function sumsFor(key: ReleasedKey, file: string, sum: string): Buffer {
  const texts: Partial<Record<ReleasedKey, string>> = {
    registry: `${sum}\n`,
    buildkit: JSON.stringify({ subject: [{ name: file, digest: { sha256: sum } }] }),
  };
  return Buffer.from(texts[key] ?? `${"0".repeat(64)}  other\n${sum}  ${file}\n`);
}

describe("installRelease", () => {
  it.each<[ReleasedKey, string[]]>([
    ["registry", ["registry"]],
    ["pulumi", ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]],
    ["buildkit", ["buildctl", "buildkitd"]],
    ["helm", ["helm"]],
    ["cosign", ["cosign"]],
    ["gh", ["gh"]],
    ["fulcio", ["fulcio"]],
    ["rekor", ["rekor-server"]],
    ["timestampAuthority", ["timestamp-server"]],
  ])("puts the official %s into place: %j", async (key, names) => {
    const machine = await makeUpMachine();
    const { url, sumsUrl, file } = releaseOf(key, machine);
    const bytes = await makeFile(machine, key, names);
    await serveDownloads(machine, { [url]: { bytes }, [sumsUrl]: { bytes: sumsFor(key, file, sha256(bytes)) } });
    const folder = dirname(toolPaths(machine)[key === "buildkit" ? "buildkitd" : key]);
    const job = makeUpJob(machine);
    expect(await installRelease(job, key, folder)).toBe("official download");
    expect((await readdir(folder)).sort()).toEqual([".lockstep-origin", ...names]);
    for (const name of names) {
      expect(await readFile(join(folder, name), "utf8")).toBe(`official ${name}`);
      expect((await stat(join(folder, name))).mode & 0o7777).toBe(0o755);
    }
    expect([machine.asked, job.noted]).toEqual([[`GET ${sumsUrl}`, `GET ${url}`], []]);
  });

  const file = Buffer.from("official cosign");
  const good = { bytes: sumsFor("cosign", "cosign-linux-amd64", sha256(file)) };

  it.each<[string, { sums: Answer; program?: Answer; limits?: typeof soon }, RegExp, "reported" | "passed over"]>([
    [
      "is another one",
      { sums: good, program: { bytes: Buffer.from("planted") } },
      /has the sha256 \w{64}, but cosign_checksums.txt of the same release says \w{64}\. Nothing of it was used\./,
      "reported",
    ],
    ["is cut off", { sums: good, program: { cut: file } }, /cosign-linux-amd64: cut off: /, "reported"],
    [
      "stops half-way",
      { sums: good, program: { stalled: file }, limits: soon },
      /cosign-linux-amd64: nothing came for 0\.05 s/,
      "reported",
    ],
    [
      "comes too slowly",
      { sums: good, program: { dripping: file }, limits: { ...transferLimits, whole: 200 } },
      /cosign-linux-amd64: not complete after 0\.2 s/,
      "reported",
    ],
    ["is missing", { sums: good, program: 404 }, /cosign-linux-amd64: HTTP 404/, "passed over"],
    [
      "has no sha256",
      { sums: { bytes: Buffer.from(`${sha256(file)}  other\n`) } },
      /cosign_checksums.txt: it has 0 sha256 values of cosign-linux-amd64/,
      "reported",
    ],
    ["has a list that is cut off", { sums: { cut: good.bytes } }, /cosign_checksums.txt: cut off: /, "reported"],
    [
      "has a list without an end",
      { sums: { bytes: Buffer.alloc(16 * 1024 ** 2 + 1) } },
      /cosign_checksums.txt: longer than 16777216 bytes/,
      "reported",
    ],
    ["is on a host that refuses it", { sums: 403 }, /cosign_checksums.txt: HTTP 403/, "passed over"],
    [
      "is on a host that says nothing",
      { sums: "silent", limits: soon },
      /cosign_checksums.txt: no answer in 0\.05 s/,
      "passed over",
    ],
    ["is on a host that cannot be reached", { sums: "refused" }, /cosign_checksums.txt: .*ECONNREFUSED/, "passed over"],
  ])("installs nothing and goes on to build if the file %s", async (_, { sums, program, limits }, why, how) => {
    const machine = await makeUpMachine();
    const { url, sumsUrl } = releaseOf("cosign", machine);
    await serveDownloads(machine, { [sumsUrl]: sums, ...(program === undefined ? {} : { [url]: program }) });
    await machine.addGoModule("cosign", { "go.mod": "module m\n\ngo 1.26\n" });
    machine.env.PATH = join(machine.folder, "bin"); // without Go
    const folder = dirname(toolPaths(machine).cosign);
    const job = makeUpJob(machine);
    const { message } = await installRelease(job, "cosign", folder, limits && { limits }).then(
      () => new Error("it was installed"),
      (error: Error) => error,
    );
    const [first = "", second] = message.split("\n");
    expect(first).toMatch(new RegExp(`^official download: https://github\\.com/.*${why.source}`));
    expect(second).toBe("build from source: cosign is built from source, and Go is not on PATH");
    expect(await readdir(folder)).toEqual([]);
    const notes = job.noted.map((note) => note.slice(0, note.indexOf(":")));
    expect(notes).toEqual(how === "reported" ? ["the official download failed, so it is built from source"] : []);
  });

  it.each<[string, (archive: Buffer) => Answer, RegExp, noted: number]>([
    ["is another one", () => ({ bytes: Buffer.from("planted") }), /has the sha256 .*Nothing of it was used\./, 1],
    ["is cut off", (archive) => ({ cut: archive }), /linux-amd64\.tar\.gz: cut off: /, 1],
    ["stops half-way", (archive) => ({ stalled: archive }), /linux-amd64\.tar\.gz: nothing came for/, 1],
    ["is missing", () => 404, /linux-amd64\.tar\.gz: HTTP 404/, 0],
    ["is on a host that refuses it", () => 403, /linux-amd64\.tar\.gz: HTTP 403/, 0],
  ])("unpacks nothing of an archive that %s, and builds helm", async (_, answer, why, noted) => {
    const machine = await makeUpMachine();
    const { url, sumsUrl, file: name } = releaseOf("helm", machine);
    const archive = await makeFile(machine, "helm", ["helm"]);
    const sums = sumsFor("helm", name, sha256(archive));
    await serveDownloads(machine, { [sumsUrl]: { bytes: sums }, [url]: answer(archive) });
    await machine.addGoModule("helm", { "go.mod": "module m\n\ngo 1.26\n" });
    machine.env.PATH = join(machine.folder, "bin"); // without Go
    const folder = dirname(toolPaths(machine).helm);
    const job = makeUpJob(machine);
    const failure = await installRelease(job, "helm", folder, { limits: { ...soon, answer: 5000 } }).then(
      () => "it was installed",
      (error: Error) => error.message,
    );
    expect(failure).toMatch(new RegExp(`^official download: https://get\\.helm\\.sh/.*${why.source}`));
    expect(failure).toContain("build from source: helm is built from source, and Go is not on PATH");
    expect(await readdir(folder)).toEqual([]);
    expect(job.noted).toHaveLength(noted);
  });

  it("asks no host if there is no release for the system", async () => {
    const machine = { ...(await makeUpMachine(() => true)), platform: "darwin" };
    await machine.addGoModule("registry", { "go.mod": "module m\n\ngo 1.26\n" });
    machine.env.PATH = join(machine.folder, "bin");
    await expect(installRelease(makeUpJob(machine), "registry", machine.folder)).rejects.toThrow(/^registry is built/);
    expect(machine.asked).toEqual([]);
  });

  it("reports how far a download is", async () => {
    const machine = await makeUpMachine();
    const { url, sumsUrl } = releaseOf("cosign", machine);
    const bytes = Buffer.alloc(3_000_000, "x");
    const sums = sumsFor("cosign", "cosign-linux-amd64", sha256(bytes));
    await serveDownloads(machine, { [url]: { bytes }, [sumsUrl]: { bytes: sums } });
    const job = makeUpJob(machine);
    await installRelease(job, "cosign", dirname(toolPaths(machine).cosign));
    expect(job.said.at(0)).toBe("asking github.com");
    expect(job.said.at(-1)).toBe("downloading, 3 of 3 MB");
  });
});

interface Given {
  download: "works" | "fails" | "is absent";
  build: "works" | "fails";
}

async function run(given: Given): Promise<{ did: string[]; result: string; noted: number }> {
  const machine = await makeUpMachine();
  const did: string[] = [];
  const step = (name: "download" | "build") => async () => {
    did.push(name);
    if (given[name] !== "works") {
      throw new ToolError(`${name} went wrong`, { absent: given[name] === "is absent" });
    }
    return "built";
  };
  const job = makeUpJob(machine);
  const ways = { folder: machine.folder, download: async () => void (await step("download")()), build: step("build") };
  const result = await downloadElseBuild(job, ways).catch((error: Error) => error.message);
  return { did, result, noted: job.noted.length };
}

describe("downloadElseBuild", () => {
  const both = "official download: download went wrong\nbuild from source: build went wrong";

  it.each<[Given, string[], string, number]>([
    [{ download: "works", build: "works" }, ["download"], "official download", 0],
    [{ download: "is absent", build: "works" }, ["download", "build"], "built", 0],
    [{ download: "fails", build: "works" }, ["download", "build"], "built", 1],
    [{ download: "is absent", build: "fails" }, ["download", "build"], both, 0],
    [{ download: "fails", build: "fails" }, ["download", "build"], both, 1],
  ])("does in the case %j: %j", async (given, did, result, noted) => {
    expect(await run(given)).toEqual({ did, result, noted });
  });

  it("does not go on to build when the set-up is given up during a download", async () => {
    const machine = await makeUpMachine();
    const givenUp = new AbortController();
    const download = async () => {
      givenUp.abort();
      throw new ToolError("ended");
    };
    const ways = { folder: machine.folder, download, build: async () => "built" };
    await expect(downloadElseBuild(makeUpJob(machine, givenUp.signal), ways)).rejects.toThrow("aborted");
  });
});
