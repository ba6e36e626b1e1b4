import { availableParallelism, loadavg } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import type { JournalEntry } from "../../sandbox/door/journal.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { temporarySandbox } from "../../test/sandbox/temporary-sandbox.ts";
import { makeProject } from "../../test/support/project.ts";
import type { Project } from "../../test/support/project.ts";
import { idleProgram, writeProgram } from "../program.ts";
import { watchPeakMemory } from "../peak-memory.ts";
import type { PeakMemory } from "../peak-memory.ts";
import { asRelease, succeeded } from "../release-run.ts";
import { median, table, timed } from "../table.ts";
import { chartFiles, chartNames, chartVersion } from "./chart-folders.ts";
import { writeRequests } from "./requests.ts";

const rounds = 3;
const delays = [0, 80];
const workflow = "acme/widgets/.github/workflows/release.yml";
const loop = new URL("loop.sh", import.meta.url).pathname;

/** Milliseconds of the programs in one round. */
type Times = Record<"inTurn" | "eightAtOnce" | "idle" | "first" | "again", number>;

/** What a run that changes nothing is compared with. */
interface Unchanged {
  first: number;
  again: number;
  idle: number;
  /** Of the first run, of the one that changes nothing, and of the program that does nothing. */
  memory: { first: PeakMemory; again: PeakMemory; idle: PeakMemory };
  /** Requests of the run that changes nothing. */
  requests: readonly JournalEntry[];
}

/**
 * Measures a first `up` of several charts, one unit each, signed, attested, tagged and released, and an `up` after it that changes nothing. It
 * compares both with a loop of helm, cosign and curl in turn and eight at once, and with a program of as many resources that do nothing. Once on this
 * machine's own network, and once with a round trip of 80 ms.
 * @param counts numbers of charts. Default 10 and 40
 * @returns tables in Markdown
 */
export async function charts(counts: readonly number[]): Promise<string> {
  const rows: (string | number)[][] = [];
  const requests: string[] = [];
  for (const delay of delays) {
    const { sandbox, forget } = await temporarySandbox({ delay });
    try {
      for (const count of counts.length > 0 ? counts : [10, 40]) {
        const measured: Times[] = [];
        for (let round = 0; round < rounds; round++) {
          const { times, again } = await measure(sandbox, count, `${count}-${round}`);
          measured.push(times);
          if (round === rounds - 1) {
            requests.push(`An unchanged chart of ${count}, at ${delay} ms:`, "", writeRequests(again, count), "");
          }
        }
        rows.push([count, delay, ...writeTimes(measured)]);
      }
    } finally {
      await forget();
    }
  }
  const load = loadavg().map((one) => one.toFixed(1));
  return [
    `Charts released for the first time, and again without a change: medians of ${rounds} in seconds, alternating, on ${availableParallelism()} cores; load at the end ${load.join(", ")}.`,
    "",
    table(
      [
        "charts",
        "round trip, ms",
        "loop in turn",
        "loop, 8 at once",
        "idle resources",
        "first `up`",
        "of the loop in turn",
        "of 8 at once",
        "of idle resources",
        "`up` again",
        "of idle resources",
      ],
      rows,
    ),
    "",
    ...requests,
  ].join("\n");
}

/**
 * Measures an `up` that changes nothing: of charts that an `up` has released before. Once, with a round trip of 80 ms.
 * @param counts numbers of charts. Default 200
 * @returns a table in Markdown, and the requests for each chart
 */
export async function unchangedCharts(counts: readonly number[]): Promise<string> {
  const rows: (string | number)[][] = [];
  const requests: string[] = [];
  const { sandbox, forget } = await temporarySandbox({ delay: 80 });
  try {
    for (const count of counts.length > 0 ? counts : [200]) {
      const name = `unchanged-${count}`;
      const { first, again, idle, memory, requests: seen } = await measureUnchanged(sandbox, count, name);
      const seconds = [first, again, idle].map((time) => (time / 1000).toFixed(1));
      const of = ({ program, providers }: PeakMemory): string => `${program} and ${providers}`;
      const peaks = [memory.first, memory.again, memory.idle].map(of);
      rows.push([count, ...seconds, (again / idle).toFixed(2), ...peaks]);
      requests.push(`An unchanged chart of ${count}:`, "", writeRequests(seen, count), "");
    }
  } finally {
    await forget();
  }
  const memory = "MB of program and providers";
  const times = ["first `up`", "`up` again", "idle resources", "`up` again of idle resources"];
  const header = ["charts", ...times, `${memory}, first`, `${memory}, again`, `${memory}, idle`];
  return [
    `An \`up\` that changes nothing, in seconds, with a round trip of 80 ms, on ${availableParallelism()} cores.`,
    "",
    table(header, rows),
    "",
    ...requests,
  ].join("\n");
}

function writeTimes(measured: readonly Times[]): string[] {
  const of = (name: keyof Times): number => median(measured.map((times) => times[name]));
  const [inTurn, eightAtOnce, idle, first, again] = [
    of("inTurn"),
    of("eightAtOnce"),
    of("idle"),
    of("first"),
    of("again"),
  ];
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
  const ratio = (one: number, other: number): string => (one / other).toFixed(2);
  return [
    ...[inTurn, eightAtOnce, idle, first].map(seconds),
    ratio(first, inTurn),
    ratio(first, eightAtOnce),
    ratio(first, idle),
    seconds(again),
    ratio(again, idle),
  ];
}

async function measure(
  sandbox: Sandbox,
  count: number,
  round: string,
): Promise<{ times: Times; again: readonly JournalEntry[] }> {
  const names = chartNames(count);
  const inTurn = await timed(async () => runLoop(sandbox, `in-turn-${round}`, names, 1));
  const eightAtOnce = await timed(async () => runLoop(sandbox, `at-once-${round}`, names, 8));
  const { requests, memory: _, ...times } = await measureUnchanged(sandbox, count, round);
  return { times: { inTurn, eightAtOnce, ...times }, again: requests };
}

async function measureUnchanged(sandbox: Sandbox, count: number, round: string): Promise<Unchanged> {
  const project = await makeChartProject(sandbox, `charts-${round}`, chartNames(count));
  await project.prepare();
  const first = await release(project);
  const mark = sandbox.journal.mark();
  const again = await release(project);
  const requests = sandbox.journal.since(mark);
  const { resources } = (await project.state()).deployment;
  const own = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
  const program = await writeProgram(
    join(sandbox.folder, `idle-${round}`),
    idleProgram(count, Math.ceil(own.length / count)),
  );
  const other = await makeProject(sandbox, `idle-${round}`);
  await other.prepare();
  const { time: idle, memory: idleMemory } = await runIdle(other, program);
  const memory = { first: first.memory, again: again.memory, idle: idleMemory };
  return { first: first.time, again: again.time, idle, memory, requests };
}

async function release(project: Project): Promise<{ time: number; memory: PeakMemory }> {
  return asRelease(project, async () => {
    const begin = performance.now();
    const { pid, ended } = project.starting();
    const [run, memory] = await Promise.all([
      ended as Promise<{ exitCode?: number; all: string }>,
      watchPeakMemory(pid, ended),
    ]);
    const time = Math.round(performance.now() - begin);
    succeeded({ exitCode: run.exitCode, output: run.all });
    return { time, memory };
  });
}

async function runIdle(project: Project, program: string): Promise<{ time: number; memory: PeakMemory }> {
  const begin = performance.now();
  const ended = project.upWith(program);
  const [run, memory] = await Promise.all([ended, watchPeakMemory(process.pid, ended)]);
  succeeded(run);
  return { time: Math.round(performance.now() - begin), memory };
}

/** A repository of charts, each with its own version and Release. GitHub's limits, which the loop does not keep either, are lifted. */
async function makeChartProject(sandbox: Sandbox, name: string, names: readonly string[]): Promise<Project> {
  const { issuer, trustedRoot, signingConfig, identity } = sandbox.sigstore;
  const project = await makeProject(sandbox, name);
  const fromClone = (path: string): string => relative(project.folder, path);
  await project.configure({
    repository: project.fullName,
    charts: {
      path: "charts/*",
      repository: `${sandbox.addresses.registry}/acme/${name}/{name}`,
      signing: { issuer, workflow, refs: "refs/heads/main" },
    },
    sigstore: { trustedRoot: fromClone(trustedRoot), signingConfig: fromClone(signingConfig) },
  });
  project.environment["LOCKSTEP_GITHUB_WRITES_PER_MINUTE"] = "1000000";
  project.environment["LOCKSTEP_GITHUB_WRITES_PER_HOUR"] = "1000000";
  identity.set({ repository: project.fullName, job_workflow_ref: `${workflow}@refs/heads/main` });
  await project.write(chartFiles(names));
  await project.commit();
  return project;
}

/** Releases the charts of a repository by the script, so many at once. */
async function runLoop(sandbox: Sandbox, name: string, names: readonly string[], atOnce: number): Promise<void> {
  const loopProject = await makeProject(sandbox, name);
  await loopProject.write(chartFiles(names));
  const commit = await loopProject.commit();
  await execa("xargs", ["-P", String(atOnce), "-I", "{}", "sh", loop, "{}"], {
    cwd: loopProject.folder,
    input: names.join("\n"),
    env: {
      ...sandbox.environment,
      HELM_REGISTRY_CONFIG: join(sandbox.environment["DOCKER_CONFIG"] ?? "", "config.json"),
      VERSION: chartVersion,
      REGISTRY: `${sandbox.addresses.registry}/acme/${name}`,
      REPOSITORY: loopProject.fullName,
      COMMIT: commit,
      WORK: join(sandbox.folder, "work", name, "packages"),
      SIGNING_CONFIG: sandbox.sigstore.signingConfig,
      TRUSTED_ROOT: sandbox.sigstore.trustedRoot,
    },
  });
}
