import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDockerCredentials } from "../../../clients/registry/docker-credentials.ts";
import { useCredentialHelper, useDockerConfig } from "./docker-config.ts";
import { failure } from "../failure.ts";

const registry = "127.0.0.1:5000";
const auth = (login: string): { auth: string } => ({ auth: Buffer.from(login).toString("base64") });
const answering = (username: string, secret: string): string =>
  `echo '{"ServerURL":"x","Username":"${username}","Secret":"${secret}"}'`;

describe("dockerCredentials, when the login stands in config.json", () => {
  it.each([
    ["under the registry's name", { [registry]: auth("ada:one") }, { username: "ada", password: "one" }],
    ["under its address", { [`https://${registry}`]: auth("ada:two") }, { username: "ada", password: "two" }],
    ["with colons in the password", { [registry]: auth("ada:a:b:c") }, { username: "ada", password: "a:b:c" }],
    ["for another registry only", { "127.0.0.1:5001": auth("ada:one") }, undefined],
    ["without a login, as a credential store leaves it", { [registry]: {} }, undefined],
  ])("is found or not: %s", async (_, auths, expected) => {
    await useDockerConfig({ auths });
    expect(await readDockerCredentials(registry)).toEqual(expected);
  });
  it("is none where there is no config.json", async () => {
    await useDockerConfig(undefined);
    expect(await readDockerCredentials(registry)).toBeUndefined();
  });
  it("finds Docker Hub under the address that docker login writes", async () => {
    await useDockerConfig({ auths: { "https://index.docker.io/v1/": auth("ada:hub") } });
    expect(await readDockerCredentials("docker.io")).toEqual({ username: "ada", password: "hub" });
  });
});

describe("dockerCredentials, when a credential helper keeps the login", () => {
  it("comes before config.json", async () => {
    await useCredentialHelper("x", answering("ada", "kept"));
    await useDockerConfig({ credHelpers: { [registry]: "x" }, auths: { [registry]: auth("ada:written") } });
    expect(await readDockerCredentials(registry)).toEqual({ username: "ada", password: "kept" });
  });
  it("comes before the general store", async () => {
    await useCredentialHelper("own", answering("ada", "own"));
    await useCredentialHelper("general", answering("ada", "general"));
    await useDockerConfig({ credHelpers: { [registry]: "own" }, credsStore: "general" });
    expect(await readDockerCredentials(registry)).toMatchObject({ password: "own" });
  });
  it("leaves other registries to the general store", async () => {
    await useCredentialHelper("general", answering("ada", "general"));
    await useDockerConfig({ credHelpers: { "ghcr.io": "own" }, credsStore: "general" });
    expect(await readDockerCredentials(registry)).toMatchObject({ password: "general" });
  });
  it("is asked with the registry's name on standard input", async () => {
    const folder = await useCredentialHelper("x", `cat > "$(dirname "$0")/asked"; ${answering("ada", "kept")}`);
    await useDockerConfig({ credsStore: "x" });
    await readDockerCredentials(registry);
    expect(await readFile(join(folder, "asked"), "utf8")).toBe(registry);
  });
  it("is told get as its only argument", async () => {
    const folder = await useCredentialHelper(
      "x",
      `echo "$@" > "$(dirname "$0")/arguments"; ${answering("ada", "kept")}`,
    );
    await useDockerConfig({ credsStore: "x" });
    await readDockerCredentials(registry);
    expect(await readFile(join(folder, "arguments"), "utf8")).toBe("get\n");
  });
  it.each([
    ["knows no login", "echo 'credentials not found in native keychain'; exit 1"],
    ["is not installed", undefined],
  ])("gives way to config.json where it %s", async (_, script) => {
    if (script !== undefined) {
      await useCredentialHelper("x", script);
    }
    await useDockerConfig({ credHelpers: { [registry]: "x" }, auths: { [registry]: auth("ada:written") } });
    expect(await readDockerCredentials(registry)).toMatchObject({ password: "written" });
  });
});

describe("dockerCredentials, when the store is broken", () => {
  it("names the file", async () => {
    const folder = await useDockerConfig("{ not json");
    expect((await failure(Error, readDockerCredentials(registry))).message).toContain(join(folder, "config.json"));
  });
  it("keeps what stands in the file out of the message", async () => {
    const secret = auth("ada:hunter2").auth;
    await useDockerConfig(`{"auths":{"${registry}":{"auth":"${secret}"}}`);
    expect((await failure(Error, readDockerCredentials(registry))).message).not.toContain(secret.slice(0, 6));
  });
  it("keeps a file that is not JSON at all out of the message", async () => {
    await useDockerConfig("hunter2");
    expect((await failure(Error, readDockerCredentials(registry))).message).not.toContain("hunter2");
  });
  it("names the helper that answers no JSON", async () => {
    await useCredentialHelper("x", "echo hunter2");
    await useDockerConfig({ credsStore: "x" });
    expect((await failure(Error, readDockerCredentials(registry))).message).toContain("docker-credential-x");
  });
  it("keeps what the helper said out of the message", async () => {
    await useCredentialHelper("x", "echo hunter2");
    await useDockerConfig({ credsStore: "x" });
    expect((await failure(Error, readDockerCredentials(registry))).message).not.toContain("hunter2");
  });
});
