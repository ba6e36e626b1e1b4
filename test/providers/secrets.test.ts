import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../errors/release-error.ts";
import type { FaultAct } from "../../sandbox/door/faults.ts";
import { connectedSandbox } from "../clients/connected-sandbox.ts";
import { useCredentialHelper, useDockerConfig } from "../clients/registry/docker-config.ts";
import { failure } from "../clients/failure.ts";
import { engineHost } from "./host/engine-host.ts";
import { releasableUnit } from "./release/releasable-unit.ts";
import type { ReleasableUnit } from "./release/releasable-unit.ts";

const world = connectedSandbox();
const login = "ada:canary-registry-password";

/** Everything that must stand in no error: the token, what is derived from it, the registry's login. */
function secrets(): string[] {
  const token = process.env["GITHUB_TOKEN"] ?? "";
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return [token, base64(`maintainer:${token}`), "canary", base64(login)];
}

/** All that an error can show: message, class, stack, own properties, and those of its causes. */
const everything = (error: Error): string =>
  [error.message, String(error), error.stack, inspect(error, { depth: 20 })].join("\n");
const leaked = (error: Error): string[] => secrets().filter((secret) => everything(error).includes(secret));

const arm = (door: "registry" | "github", method: string, path: RegExp, act: FaultAct): void => {
  world.sandbox.faults.add({ door, method, path, when: "before", times: Infinity, act });
};
const answers: FaultAct[] = [
  ...[401, 403, 404, 422, 500].map((status) => ({ status, body: { message: "no" } })),
  "reset",
];

const release = (unit: ReleasableUnit) => engineHost("github-release").create(unit.inputs);
const gitTag = ({ inputs }: ReleasableUnit) =>
  engineHost("git-tag").create({ repository: inputs.repository, tag: "v9", commit: inputs.revision, message: "x" });
const ociTag = ({ inputs: { artifacts } }: ReleasableUnit) =>
  engineHost("oci-tag").create({
    repository: artifacts["app"]?.repository,
    tag: "9.0.0",
    digest: artifacts["app"]?.digest,
  });
const ociTagRead = ({ inputs: { artifacts } }: ReleasableUnit) =>
  engineHost("oci-tag").read({
    repository: artifacts["app"]?.repository,
    tag: "1.2.0",
    digest: artifacts["app"]?.digest,
  });

const requests = [
  { what: "making a draft", door: "github", method: "POST", path: /releases$/, run: release },
  { what: "attaching a file", door: "github", method: "POST", path: /assets/, run: release },
  { what: "publishing", door: "github", method: "PATCH", path: /releases/, run: release },
  { what: "making a tag", door: "github", method: "POST", path: /git/, run: gitTag },
  { what: "tagging an image", door: "registry", method: "PUT", path: /manifests/, run: ociTag },
  { what: "asking for a token", door: "registry", method: "GET", path: /^\/token/, run: ociTag },
] as const;

describe("the providers, when a server refuses", () => {
  it.each(requests)("keeps secrets out of every error: $what", async ({ door, method, path, run }) => {
    const unit = await releasableUnit(world);
    for (const act of answers) {
      arm(door, method, path, act);
      expect(leaked(await failure(ReleaseError, run(unit)))).toEqual([]);
      world.sandbox.faults.clear();
    }
  });
});

describe("the providers, when a login is wrong", () => {
  it("keeps it out of the error where it stands in config.json", async () => {
    const unit = await releasableUnit(world);
    const auth = Buffer.from(login).toString("base64");
    await useDockerConfig({ auths: { [world.sandbox.addresses.registry]: { auth } } });
    expect(leaked(await failure(ReleaseError, ociTagRead(unit)))).toEqual([]);
  });
  it("keeps it out of the error where a helper has it", async () => {
    const unit = await releasableUnit(world);
    await useCredentialHelper("x", `echo '{"Username":"ada","Secret":"canary-registry-password"}'`);
    await useDockerConfig({ credsStore: "x" });
    expect(leaked(await failure(ReleaseError, ociTagRead(unit)))).toEqual([]);
  });
  it("keeps what a broken helper says out of the error", async () => {
    const unit = await releasableUnit(world);
    await useCredentialHelper("x", "echo canary-registry-password");
    await useDockerConfig({ credsStore: "x" });
    expect(leaked(await failure(ReleaseError, ociTagRead(unit)))).toEqual([]);
  });
  it("keeps a broken config.json out of the error", async () => {
    const unit = await releasableUnit(world);
    await useDockerConfig("canary");
    expect(leaked(await failure(ReleaseError, ociTagRead(unit)))).toEqual([]);
  });
});

describe("the providers, when a file cannot be attached", () => {
  it("keeps secrets out of the error where it is gone", async () => {
    const unit = await releasableUnit(world);
    await rm(join(unit.folder, "app.txt"));
    expect(leaked(await failure(ReleaseError, release(unit)))).toEqual([]);
  });
  it("keeps secrets out of the error where it is shorter than was said", async () => {
    const unit = await releasableUnit(world);
    await writeFile(join(unit.folder, "app.txt"), "");
    expect(leaked(await failure(ReleaseError, release(unit)))).toEqual([]);
  });
});
