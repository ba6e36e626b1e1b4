import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { tmpdir } from "node:os";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTranscript, resourceLines } from "../../docs/recording/transcript.ts";
import type { TranscriptLine } from "../../docs/recording/transcript.ts";

const checkout = new URL("../..", import.meta.url).pathname;

/** A clone of this checkout as it is, without what git ignores, and with the installed packages. */
async function freshClone(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-clone-"));
  const { stdout } = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: checkout,
  });
  await execa("tar", ["--create", "--null", "--files-from=-", "--file=-", "--ignore-failed-read"], {
    cwd: checkout,
    input: stdout,
    encoding: "buffer",
  }).then(({ stdout: archive }) => execa("tar", ["--extract", "--directory", folder], { input: archive }));
  await execa("ln", ["-s", join(checkout, "node_modules"), join(folder, "node_modules")]);
  return folder;
}

async function browser(): Promise<string> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
      const path = join(folder, name);
      if (
        await access(path).then(
          () => true,
          () => false,
        )
      ) {
        return path;
      }
    }
  }
  throw new Error("No Chromium is on PATH: `npm test` installs it on Debian, elsewhere install your system's package.");
}

/** Has helm read the chart by its version and by its digest, and cosign verify it, as the run's output says. */
async function expectUsableChart(output: string, home: string): Promise<void> {
  const digestOf = (repository: string): string =>
    new RegExp(`${repository}:1\\.0\\.0@(sha256:[0-9a-f]{64})`).exec(output)?.[1] ?? "";
  const [registry = ""] = /127\.0\.0\.1:\d+(?=\/acme\/widgets)/.exec(output) ?? [];
  const chart = `${registry}/acme/charts/widgets`;
  const env = { HELM_CACHE_HOME: join(home, "cache"), HELM_CONFIG_HOME: join(home, "config") };
  const helm = async (...args: string[]): Promise<string> =>
    (await execa("helm", [...args, "--plain-http"], { env: { ...env, HELM_DATA_HOME: join(home, "data") } })).stdout;
  const image = `image: "${registry}/acme/widgets@${digestOf("/acme/widgets")}"`;
  for (const reference of [[`oci://${chart}`, "--version", "1.0.0"], [`oci://${chart}@${digestOf(chart)}`]]) {
    expect(await helm("show", "all", ...reference)).toContain("appVersion: 1.0.0");
    expect(await helm("template", "greeter", ...reference)).toContain(image);
  }
  const commands = output.split("\n").filter((line) => /^ +cosign verify.* \S+\/charts\/widgets@/.test(line));
  expect(commands).toHaveLength(3);
  await Promise.all(commands.map((command) => execa("sh", ["-c", command], { timeout: 60_000 })));
}

/** Verifies what is released, and again after its chart was changed on the Release and at the registry. */
async function expectPromises(output: string, folder: string): Promise<void> {
  const [, file = ""] = /set -a; \. (\S+); set \+a/.exec(output) ?? [];
  const chart = `${/127\.0\.0\.1:\d+(?=\/acme\/widgets)/.exec(output)?.[0]}/acme/charts/widgets`;
  const node = (...args: string[]) =>
    execa("sh", ["-c", `set -a; . ${file}; set +a; exec node "$@"`, "sh", ...args], { cwd: folder, reject: false });
  const verify = async () => {
    const { exitCode, stdout, stderr } = await node(
      "commands/main.ts",
      "verify",
      "widgets@1.0.0",
      "--stack",
      "sandbox",
    );
    const broken = [...stdout.matchAll(/^ +BROKEN +(.+?) {2,}/gm)].map(([, promise]) =>
      promise?.replace(chart, "CHART"),
    );
    return { exitCode, broken, text: `${stdout}${stderr}` };
  };
  const tamper = async (how: string): Promise<void> => {
    const { exitCode, stderr } = await node("test/commands/tamper-with-chart.ts", how);
    expect(exitCode, stderr).toBe(0);
  };
  const whole = await verify();
  expect([whole.exitCode, whole.broken], whole.text).toEqual([0, []]);
  expect(whole.text).toMatch(/kept +\S+\/charts\/widgets:1\.0\.0 names widgets 1\.0\.0 at image\.digest, as digest/);
  const unproved = [
    "CHART:1.0.0 names the recorded digest",
    expect.stringMatching(/^CHART@sha256:\S+ is signed by /),
    "CHART:1.0.0 has provenance of the recorded commit",
  ];
  await tamper("with-config-and-byte");
  const changed = await verify();
  expect([changed.exitCode, changed.broken], changed.text).toEqual([
    1,
    ["widgets-1.0.0.tgz has the recorded sha256", ...unproved, "helm shows CHART:1.0.0 as widgets 1.0.0"],
  ]);
  expect(changed.text).toMatch(/helm shows \S+ as widgets 1\.0\.0 +gadgets 1\.0\.0/);
  await tamper("with-layers");
  const doubled = await verify();
  expect([doubled.exitCode, doubled.broken], doubled.text).toEqual([
    1,
    ["widgets-1.0.0.tgz has the recorded sha256", ...unproved, "CHART:1.0.0 is a chart of one package"],
  ]);
}

describe("the start command", () => {
  let folder: string;
  let output: string;
  let exitCode: number | undefined;

  beforeAll(async () => {
    folder = await freshClone();
    const run = await execa("node", ["commands/main.ts", "start"], { cwd: folder, all: true, reject: false });
    ({ all: output, exitCode } = run);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("ends with 0 and a summary", () => {
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/widgets 1\.0\.0 is released/);
    expect(output).toMatch(/^# Released\n\n\| unit \| version \| Release \| digest \|$/m);
    expect(output).toMatch(/widgets +127\.0\.0\.1:\d+\/acme\/widgets:1\.0\.0@sha256:[0-9a-f]{64} {2}\(built\)/);
    expect(output).toMatch(
      /widgets-chart +127\.0\.0\.1:\d+\/acme\/charts\/widgets:1\.0\.0@sha256:[0-9a-f]{64} {2}\(built\)/,
    );
    expect(output).toMatch(/git tag +v1\.0\.0 at [0-9a-f]{40}/);
    expect(output).toMatch(/Release +http:\/\/127\.0\.0\.1:\d+\/acme\/widgets\/releases\/tag\/v1\.0\.0/);
  });

  it("makes the resources that the README's picture shows; `npm run record` records another run", async () => {
    const transcript = await readFile(join(checkout, "docs/recording/transcript.txt"), "utf8");
    const made = (lines: readonly TranscriptLine[]): string[] => [
      ...new Set(resourceLines(lines).map(({ type, name }) => `${type} ${name}`)),
    ];
    const printed = output.split("\n").map((text) => ({ at: 0, text: text.trimEnd() }));
    expect(made(printed).toSorted()).toEqual(made(readTranscript(transcript)).toSorted());
  });

  it("leaves no process behind", async () => {
    const { stdout } = await execa("ps", ["-axo", "command="]);
    expect(stdout.split("\n").filter((line) => line.includes(folder))).toEqual([]);
  });

  it("has nothing to do the second time, its chart deploys its image, its page opens, and its promises hold until broken", async () => {
    const again = execa("node", ["commands/main.ts", "start", "--keep"], { cwd: folder, all: true, reject: false });
    let text = "";
    const up = new Promise<void>((resolve, reject) => {
      again.all.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes("stays up until Ctrl-C")) {
          resolve();
        }
      });
      again.all.on("end", () => reject(new Error(text)));
    });
    const profile = await mkdtemp(join(tmpdir(), "lockstep-browser-"));
    try {
      await up;
      expect(text).toContain("0 writes reached the registry and GitHub: nothing to do");
      await expectUsableChart(text, profile);
      const page = /Release +(http:\S+)/.exec(text)?.[1] ?? "";
      const quiet = [
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ];
      const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`, ...quiet];
      const chromium = await browser();
      const picture = join(profile, "page.png");
      await execa(chromium, [...flags, `--screenshot=${picture}`, "--window-size=1000,1400", page], {
        timeout: 60_000,
      });
      const png = await readFile(picture);
      expect(png.subarray(1, 4).toString()).toBe("PNG");
      expect(png.length, "a page with text on it").toBeGreaterThan(20_000);
      const dom = await execa(chromium, [...flags, "--dump-dom", page], { timeout: 60_000 });
      expect(dom.stdout).toContain("First release: an image for two platforms and an installer.");
      expect(dom.stdout).toContain("lockstep.release.json");
      await expectPromises(text, folder);
    } finally {
      again.kill("SIGINT");
      await again;
      await rm(profile, { recursive: true, force: true });
    }
  });
});
