import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";

/** A job of a workflow that releases. */
export interface WorkflowJob {
  name: string;
  /** Its own `permissions`, else the workflow's: scopes, or `read-all`, `write-all`. Undefined where neither says any. */
  permissions: Readonly<Record<string, string>> | string | undefined;
}

interface Workflow {
  permissions?: WorkflowJob["permissions"];
  jobs?: Record<string, { permissions?: WorkflowJob["permissions"]; steps?: { run?: unknown }[] } | null>;
}

/**
 * The jobs of a workflow file that release: those with a step that runs `npm run release` or `pulumi up`.
 * @param path below the workspace: `.github/workflows/release.yml`
 * @returns none if there is no such file (the workflow is another repository's) or it cannot be read as YAML
 */
export async function releasingJobs(workspace: string, path: string): Promise<WorkflowJob[]> {
  const workflow = await workflowAt(join(workspace, path));
  return Object.entries(workflow?.jobs ?? {}).flatMap(([name, job]) => {
    const releases = (job?.steps ?? []).some(({ run }) => /\bnpm run release\b|\bpulumi up\b/.test(String(run ?? "")));
    return releases ? [{ name, permissions: job?.permissions ?? workflow?.permissions }] : [];
  });
}

async function workflowAt(file: string): Promise<Workflow | undefined> {
  try {
    return parse(await readFile(file, "utf8")) as Workflow;
  } catch {
    return undefined;
  }
}
