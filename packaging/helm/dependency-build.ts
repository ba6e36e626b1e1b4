import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { dependencyFiles } from "../../formats/chart/dependency-check.ts";
import type { ChartMistake } from "../../formats/chart/chart-mistake.ts";
import type { ChartFile } from "../../formats/chart/package/chart-file.ts";
import { readChartFiles } from "../chart-folder.ts";
import type { UnbuiltChart } from "../chart-folder.ts";
import { readFailure } from "./helm-words.ts";
import { withHelm } from "./helm.ts";
import type { HelmAnswer } from "./helm.ts";

/** A chart with the charts beside it that its dependencies name. */
export interface ChartToBuild extends UnbuiltChart {
  /** Below the workspace. */
  folder: string;
  /** Charts that `file://` names. `folder` is below the workspace as well. */
  siblings: readonly { folder: string; files: readonly ChartFile[] }[];
}

/** How long helm may fetch charts, in seconds. */
const patience = 300;

/** What helm needs to reach a repository through a proxy or with certificates of the company. */
const networkVariables = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
const certificateVariables = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/**
 * Has helm fetch the charts that a chart's lock names, in a private copy of the chart. Of the logins of this machine helm gets Docker's. Chart
 * repositories that the lock names are made known to it, which `helm repo add` else does.
 * Source: helm 4.3.1, pkg/downloader/manager.go, Build.
 * @returns the files of charts/, or why there are none
 */
export async function buildDependencies(
  chart: ChartToBuild,
): Promise<{ charts: readonly ChartFile[]; mistakes: ChartMistake[] }> {
  const path = `${dependencyFiles(chart.metadata).file}: dependencies`;
  const built = await withHelm(async (helm) => {
    const root = await mkdtemp(join(helm.folder, "build-"));
    for (const { folder, files } of [...chart.siblings, chart]) {
      await writeFiles(join(root, folder), files);
    }
    const repositories = join(helm.folder, "repositories.yaml");
    await writeFile(repositories, JSON.stringify({ repositories: listRepositories(chart) }));
    const flags = isOnLoopback(chart) ? ["--plain-http"] : [];
    const answer = await helm.run(["dependency", "build", chart.folder, ...flags], {
      cwd: root,
      env: { ...loginAndNetwork(), HELM_REPOSITORY_CONFIG: repositories },
      seconds: patience,
    });
    if (!answer.isDone) {
      const example = `\`helm dependency build ${chart.folder}\` shows the same`;
      const reason = `helm dependency build: ${describe(answer, helm.folder)}`;
      return { charts: [], mistakes: [{ path, reason, example }] };
    }
    const { files, mistakes } = await readChartFiles(join(root, chart.folder));
    return { charts: files.filter((file) => file.path.startsWith("charts/")), mistakes };
  });
  const missing = {
    path,
    reason: "cannot be built: helm is not here",
    example: "`node toolchain/run.mjs`, which installs it",
  };
  return built ?? { charts: [], mistakes: [missing] };
}

async function writeFiles(folder: string, files: readonly ChartFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}

/** helm names a repository only that it knows. What Chart.yaml calls `@NAME` or `alias:NAME` has its address in the lock, at the same place. */
function listRepositories({ metadata, lock }: UnbuiltChart): { name: string; url: string }[] {
  return (lock?.dependencies ?? []).flatMap(({ repository: url }, index) => {
    const alias = /^(?:@|alias:)(.*)$/.exec(metadata.dependencies?.[index]?.repository ?? "")?.[1];
    return /^https?:\/\//.test(url) ? [{ name: alias ?? `repository-${index}`, url }] : [];
  });
}

/** Registries on loopback have no TLS. One flag counts for all registries, so that a chart needs all of them there. */
function isOnLoopback({ lock }: UnbuiltChart): boolean {
  const hosts = (lock?.dependencies ?? []).flatMap(({ repository }) => /^oci:\/\/([^/]*)/.exec(repository)?.[1] ?? []);
  return hosts.length > 0 && hosts.every((host) => /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/.test(host));
}

/** A credential helper of Docker's finds its own files by HOME. */
function loginAndNetwork(): Record<string, string> {
  const names = [...networkVariables, ...certificateVariables];
  const passed = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const docker = process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  return { ...Object.fromEntries(passed), HOME: homedir(), DOCKER_CONFIG: docker };
}

/** That a repository cannot be reached is in the report, and not in the error. */
function describe({ stdout, stderr }: HelmAnswer, folder: string): string {
  const [unreached] = /Unable to get an update from .*\n\s*.*/.exec(stdout) ?? [];
  return [readFailure(stderr, folder), ...(unreached === undefined ? [] : [readFailure(unreached, folder)])].join("; ");
}
