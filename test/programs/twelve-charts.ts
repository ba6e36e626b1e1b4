import { relative } from "node:path";
import { findGitTag, repositoryOf } from "../../clients/github/git-refs.ts";
import { headManifest } from "../../clients/registry/registry.ts";
import { workflow } from "../clients/sigstore/signing-sandbox.ts";
import type { SigningSandbox } from "../clients/sigstore/signing-sandbox.ts";
import type { ReleaseJson } from "../providers/release/releasable-unit.ts";
import { githubClient } from "../sandbox/github-client.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";

/** Names of the twelve charts. */
export const chartNames = [
  "api",
  "auth",
  "billing",
  "cache",
  "files",
  "gateway",
  "jobs",
  "mail",
  "metrics",
  "proxy",
  "search",
  "web",
] as const;

/** What is public of a chart's version. */
export interface PublicChart {
  /** Digest under its version tag; undefined without the tag. */
  digest: string | undefined;
  /** Commit of its git tag; undefined without the tag. */
  commit: string | undefined;
  /** Its Releases, drafts too. */
  releases: PublicRelease[];
}

/** What people see of a Release. */
export interface PublicRelease {
  id: number;
  name: string;
  body: string;
  draft: boolean;
  /** Of each file: id, name, digest and state. */
  files: unknown[][];
}

/** A repository with a chart set. */
export interface TwelveCharts {
  project: Project;
  /** The OCI repository of a chart, without its registry. */
  repository(name: string): string;
  /** Replaces the stack's configuration; `set` is added to the chart set. */
  configure(set?: { tag?: string; before?: Record<string, string> }): Promise<void>;
  /** Writes charts of this version into charts/. */
  write(names: readonly string[], version?: string): Promise<void>;
  /** What is public of charts, by name. */
  publicCharts(names?: readonly string[], version?: string): Promise<Record<string, PublicChart>>;
}

/**
 * Makes a repository without charts, configured as a chart set, and lets this process sign as its release workflow.
 * @param name of the repository below `acme/`
 * @param signed whether its charts are signed
 */
export async function twelveCharts(signing: SigningSandbox, name: string, signed: boolean): Promise<TwelveCharts> {
  const { sandbox } = signing;
  const project = await makeProject(sandbox, name);
  const { issuer, trustedRoot, signingConfig } = sandbox.sigstore;
  const policy = {
    signing: { issuer, workflow, refs: "refs/heads/main" },
    sigstore: {
      trustedRoot: relative(project.folder, trustedRoot),
      signingConfig: relative(project.folder, signingConfig),
    },
  };
  let pattern = "";
  const configure: TwelveCharts["configure"] = (set = {}) => {
    const { tag = "{name}-v{version}" } = set;
    pattern = tag;
    return project.configure({
      repository: project.fullName,
      charts: { path: "charts/*", repository: `${sandbox.addresses.registry}/acme/${name}/{name}`, ...set },
      ...(signed ? policy : { signing: "off" }),
    });
  };
  await configure();
  signing.runAs(workflow, "refs/heads/main", { repository: project.fullName });
  const repository = (chart: string): string => `acme/${name}/${chart}`;

  const publicChart = async (chart: string, version: string, all: readonly ReleaseJson[]): Promise<PublicChart> => {
    const tag = pattern.replace("{name}", chart).replace("{version}", version);
    const [manifest, gitTag] = await Promise.all([
      headManifest(`${sandbox.addresses.registry}/${repository(chart)}`, version),
      findGitTag(repositoryOf(project.fullName), tag),
    ]);
    const releases = all.filter((release) => release.tag_name === tag).map(contentOf);
    return { digest: manifest?.digest, commit: gitTag?.commit, releases };
  };

  return {
    project,
    repository,
    configure,
    write: (names, version = "1.2.3") =>
      project.write(Object.assign({}, ...names.map((chart) => chartFiles(chart, version)))),
    async publicCharts(names = chartNames, version = "1.2.3") {
      const answer = await githubClient(sandbox).get(`/repos/${project.fullName}/releases?per_page=100`);
      const all = answer.body as unknown as ReleaseJson[];
      const found = await Promise.all(
        names.map(async (chart) => [chart, await publicChart(chart, version, all)] as const),
      );
      return Object.fromEntries(found);
    },
  };
}

function contentOf({ id, name, body, draft, assets }: ReleaseJson): PublicRelease {
  const files = assets.map((asset) => [asset.id, asset.name, asset.digest, asset.state]);
  return { id, name, body, draft, files };
}

/** Chart.yaml and a template of a chart in charts/. */
export function chartFiles(name: string, version: string): Record<string, string> {
  return {
    [`charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
    [`charts/${name}/templates/app.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`,
  };
}
