import { join } from "node:path";
import { execa } from "execa";
import { builderName } from "../../sandbox/builder.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Project } from "../../test/support/project.ts";

const glue = new URL("glue.sh", import.meta.url).pathname;

/**
 * Releases a version by the script, in the clone of a repository.
 * @param version without a `v`
 * @returns the index's digest
 * @throws Error with what the script said
 */
export async function runGlue(sandbox: Sandbox, project: Project, version: string): Promise<string> {
  const { builder, environment, addresses, sigstore } = sandbox;
  const { stdout } = await execa("sh", [glue], {
    cwd: project.folder,
    env: {
      ...environment,
      // buildctl reaches a container builder by its name. Source: github.com/moby/buildkit, README.md, "Containerizing BuildKit".
      BUILDKIT_HOST: builder?.address || `docker-container://buildx_buildkit_${builderName}0`,
      // buildctl fails after its work if it cannot hand its trace over within 50 ms.
      OTEL_TRACES_SAMPLER: "always_off",
      VERSION: version,
      REGISTRY: addresses.registry,
      REPOSITORY: project.fullName,
      WORK: join(sandbox.folder, "work", `files-${project.fullName}-${version}`),
      SIGNING_CONFIG: sigstore.signingConfig,
      TRUSTED_ROOT: sigstore.trustedRoot,
    },
  });
  return stdout;
}
