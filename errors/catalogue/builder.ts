import type { KnownRefusal } from "./known-refusal.ts";

/**
 * A failed `RUN` in BuildKit's words, which quote the whole command: `process "/bin/sh -c npm ci" did not complete successfully: exit code: 1`,
 * before BuildKit 0.10 `executor failed running [/bin/sh -c npm ci]: exit code: 1`. A long text may have been cut within the command.
 */
const failedStep =
  /failed to solve: process ".*|\bprocess "(?:[^"\\]|\\.)*" did not complete successfully.*|\bexecutor failed running \[.*/s;

/**
 * A builder's text without the command that failed and what is said of it: a `RUN` may name, and meet, any refusal of any service, and none
 * of them is the registry's that the image is pushed to.
 */
export function removeFailedStep(text: string): string {
  return text.replace(failedStep, "RUN did not complete successfully");
}

/**
 * What BuildKit, buildx and Docker's own client say.
 * Sources: BuildKit 0.31.1 through @pulumi/docker-build 0.0.22, seen; older wordings, moby/buildkit#1697 and stratum-mining/benchmarking-tool#1.
 */
export const builderRefusals: readonly KnownRefusal[] = [
  {
    words:
      /RUN did not complete successfully|failed to read dockerfile|dockerfile parse error|^dockerfile:\d+$|failed to (compute|load) cache key|target stage "[^"]*" could not be found|failed to solve: secret \S+: not found/i,
    code: "BUILD_FAILED",
    meaning: "The Dockerfile does not build. Nothing of this image was pushed.",
    fix: "Build it by hand to see the whole output: `docker buildx build --file DOCKERFILE CONTEXT`.",
  },
  {
    // With another cause behind it, that is what has to be fixed: a missing login, a limit of the rate, no network.
    words:
      /failed to resolve source metadata for .*(: not found|: pull access denied.*|HEAD request to \S+: 403 Forbidden|unexpected media type.*)$/is,
    code: "BUILD_FAILED",
    meaning: "An image that the Dockerfile starts from cannot be read. Nothing of this image was pushed.",
    fix: "Check the name in `FROM`, and that the login of this run may read it.",
  },
  {
    words:
      /no builder .*found|buildkit.*(unavailable|connection)|code = Unavailable|context deadline exceeded|failed to find driver|Cannot connect to the Docker daemon|no such file or directory.*\.sock|dial unix/i,
    code: "BUILDER_UNREACHABLE",
    meaning: "No builder answers.",
    fix: "Start Docker, or name a builder in BUILDX_BUILDER: `docker buildx create --use`. In the sandbox: `npm run sandbox`.",
  },
];
