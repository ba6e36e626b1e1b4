import type { Sample } from "./sample.ts";

/** The command of a failed `RUN`, and what runc says of it, may have the words of any refusal. */
const failedSteps = [
  'process "/bin/sh -c exit 3" did not complete successfully: exit code: 3',
  'process "/bin/sh -c ./run.sh" did not complete successfully: /run.sh: permission denied: exit code: 126',
  'process "/401 Unauthorized" did not complete successfully: exit code: 1',
  'process "/bin/sh -c set -e\\ncurl -f https://x.example.org/401 Unauthorized\\n" did not complete successfully: exit code: 1',
  'process "/bin/sh -c npm ci || echo \'denied: permission_denied: write_package\' \\"401 Unauthorized\\"" did not complete successfully: exit code: 1',
  'process "/bin/sh -c echo : 401 Unauthorized" did not complete successfully: exit code: 1',
  'process "/dev/.buildkit_qemu_emulator /bin/sh -c echo 429 too many requests" did not complete successfully: exit code: 1',
  'process "/bin/sh -c docker login || echo no basic auth credentials" did not complete successfully: exit code: 1',
  'process "/bin/sh -c echo 503 Service Unavailable: connection refused" did not complete successfully: exit code: 1',
  'process "/bin/sh -c x" did not complete successfully: failed to create network: dial unix /run/x.sock: connect: connection refused',
  // Cut within the command: resources/explain-failure.ts shows 500 characters.
  'process "/bin/sh -c echo \\"failed to fetch oauth token: denied\\" && echo 401 Unauthorized; echo',
  'rpc error: code = Unknown desc = process "/bin/sh -c echo 401 Unauthorized" did not complete successfully: exit code: 1',
  "executor failed running [/bin/sh -c npm ci # 401 Unauthorized]: exit code: 1",
];

export const builderSamples: readonly Sample[] = [
  ...failedSteps.map((step): Sample => ["BUILD_FAILED", /buildx build/, `failed to solve: ${step}`]),
  [
    "BUILD_FAILED",
    /buildx build/,
    'ERROR: failed to build: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
  ],
  ["BUILD_FAILED", /buildx build/, "failed to solve: dockerfile parse error on line 3: unknown instruction: FORM"],
  [
    "BUILD_FAILED",
    /buildx build/,
    "failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory",
  ],
  [
    "BUILD_FAILED",
    /buildx build/,
    'failed to solve: failed to compute cache key: failed to calculate checksum of ref x: "/greeting.txt": not found',
  ],
  ["BUILD_FAILED", /buildx build/, "failed to solve: failed to load cache key: invalid response status 401"],
  ["BUILD_FAILED", /buildx build/, 'failed to solve: target stage "nope" could not be found'],
  ["BUILD_FAILED", /buildx build/, "failed to solve: secret npm: not found"],
  [
    "BUILD_FAILED",
    /FROM/,
    "failed to solve: alpine:nope: failed to resolve source metadata for docker.io/library/alpine:nope: docker.io/library/alpine:nope: not found",
  ],
  [
    "BUILD_FAILED",
    /FROM/,
    "failed to solve: failed to resolve source metadata for docker.io/acme/base:1: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
  ],
  [
    "BUILD_FAILED",
    /FROM/,
    "failed to solve: failed to resolve source metadata for ghcr.io/acme/base:1: unexpected status from HEAD request to https://ghcr.io/v2/acme/base/manifests/1: 403 Forbidden",
  ],
  [
    "CREDENTIALS_MISSING",
    /docker login/,
    "failed to build: failed to solve: docker:stable: failed to resolve source metadata for docker.io/library/docker:stable: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/docker/manifests/stable: 401 Unauthorized",
  ],
  [
    "UNREACHABLE",
    /network/,
    'failed to solve: base: failed to resolve source metadata for docker.io/library/base:latest: failed to do request: Head "https://registry-1.docker.io/v2/library/base/manifests/latest": dial tcp: lookup registry-1.docker.io on 192.0.2.53:53: no such host',
  ],
  [
    "RATE_LIMITED",
    /Wait/,
    "error: failed to solve: toomanyrequests: You have reached your unauthenticated pull rate limit.",
  ],
  [
    "RATE_LIMITED",
    /Wait/,
    "failed to solve: docker/dockerfile:1: failed to resolve source metadata for docker.io/docker/dockerfile:1: unexpected status from HEAD request to https://registry-1.docker.io/v2/docker/dockerfile/manifests/1: 429 Too Many Requests",
  ],
  [
    "RATE_LIMITED",
    /Wait/,
    "unexpected status from POST request to https://ghcr.io/v2/acme/app/blobs/uploads/: 429 Too Many Requests",
  ],
  [
    "SERVER_FAULT",
    /status page/,
    "unexpected status from PUT request to https://ghcr.io/v2/acme/app/manifests/x: 503 Service Unavailable",
  ],
  [
    "BUILDER_UNREACHABLE",
    /buildx create/,
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
  ],
  ["BUILDER_UNREACHABLE", /buildx create/, "dial unix /var/run/docker.sock: connect: permission denied"],
  ["BUILDER_UNREACHABLE", /buildx create/, "dial unix /var/run/docker.sock: connect: connection refused"],
  ["BUILDER_UNREACHABLE", /buildx create/, 'no builder "sandbox" found'],
  [
    "BUILDER_UNREACHABLE",
    /buildx create/,
    "failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
  ],
];
