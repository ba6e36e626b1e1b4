import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { execa } from "execa";

/**
 * Runs the conformance tests in a network namespace that has nothing but loopback: two of Sigstore's servers offer their metrics on all
 * interfaces, and no flag keeps them from it. Arguments go to vitest.
 */
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const config = new URL("vitest.config.ts", import.meta.url).pathname;

// A new namespace's loopback is down. perl, which every Debian has, does what `ip` (of iproute2, which many containers lack) would:
// SIOCSIFFLAGS with IFF_UP and IFF_RUNNING.
const loopback =
  "ip link set lo up 2>/dev/null || " +
  'perl -e \'my $flags = pack("a16 s x14", "lo", 0x41); socket(S, 2, 2, 0) && ioctl(S, 0x8914, $flags) or die "lo: $!\\n"\'';
const root = process.getuid?.() === 0;
const namespaces = root ? ["--net"] : ["--map-root-user", "--net"];
const isolated = [...namespaces, "--", "sh", "-c", `{ ${loopback}; } && exec "$@"`, "sh"];
// A Docker engine builds outside of the namespace, where the sandbox's registry cannot be reached: buildkitd builds inside.
const env = { DOCKER_HOST: "unix:///dev/null" };

const wanted = process.argv.slice(2);
const needsBuilder = !wanted.some((word) =>
  ["sigstore", "charts", "chart-releases", "cut-answers", "github-plugin"].includes(word),
);
const lack = (await lackingNamespace()) ?? (needsBuilder ? await lackingBuilder() : undefined);
if (lack === undefined) {
  const tests = [process.execPath, vitest, "run", "--config", config, ...wanted];
  const run = await execa("unshare", [...isolated, ...tests], { stdio: "inherit", reject: false, env });
  process.exitCode = run.exitCode ?? 1;
} else {
  console.error(`conformance: ${lack}`);
  process.exitCode = 1;
}

async function lackingNamespace(): Promise<string | undefined> {
  const possible = await execa("unshare", [...isolated, "true"], { reject: false, all: true });
  if (!possible.failed) {
    return undefined;
  }
  return (
    `no network namespace: ${possible.code === "ENOENT" ? "there is no `unshare` (util-linux)" : possible.all.trim()}\n` +
    "Sigstore's servers would listen on all interfaces of this machine, so they were not started.\n" +
    "Run it on Linux as root; in a container with --cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt seccomp=unconfined."
  );
}

async function lackingBuilder(): Promise<string | undefined> {
  const all = "Without the whole release: npm run conformance -- sigstore";
  if (!root) {
    return `the whole release needs a builder in the network namespace, and that needs root.\n${all}`;
  }
  if (!(await execa("buildkitd", ["--version"], { reject: false })).failed) {
    return undefined;
  }
  return (
    "there is no buildkitd, and a Docker engine builds outside of the network namespace that these tests need.\n" +
    "Have set-up build it (minutes): rm ~/.cache/lockstep/docker-engine.json; DOCKER_HOST=unix:///dev/null npm run conformance\n" +
    all
  );
}
