import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Builder } from "../../sandbox/builder.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { manifestType, registryClient } from "./registry-client.ts";
import { temporarySandbox, writeContext } from "./temporary-sandbox.ts";

let sandbox: Sandbox;
let builder: Builder;
let forget = async (): Promise<void> => undefined;

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox({ builder: true }));
  if (sandbox.builder === undefined) {
    throw new Error("no builder was started");
  }
  builder = sandbox.builder;
}, 60_000);
afterAll(() => forget());

/** Builds an image FROM scratch and pushes it by digest, with the tool that fits the builder. */
async function build(context: string): Promise<string> {
  const metadata = join(context, "metadata.json");
  const output = `type=image,push=true,push-by-digest=true,name=${sandbox.addresses.registry}/acme/app`;
  const env = sandbox.environment;
  if (builder.kind === "docker") {
    await execa("docker", ["buildx", "build", "--output", output, "--metadata-file", metadata, context], { env });
  } else {
    const inputs = ["--frontend", "dockerfile.v0", "--local", `context=${context}`, "--local", `dockerfile=${context}`];
    await execa(
      "buildctl",
      ["--addr", builder.address, "build", ...inputs, "--output", output, "--metadata-file", metadata],
      // buildctl fails after its work where it cannot hand its trace over within 50 ms.
      { env: { ...env, OTEL_TRACES_SAMPLER: "always_off" } },
    );
  }
  return (JSON.parse(await readFile(metadata, "utf8")) as { "containerimage.digest": string })["containerimage.digest"];
}

describe("the sandbox's builder, when an image is built", () => {
  it("reaches the registry by digest, through token and door", { timeout: 60_000 }, async () => {
    const context = join(sandbox.folder, "context");
    await writeContext(context, "hello\n");
    const mark = sandbox.journal.mark();
    const digest = await build(context);
    const client = registryClient(sandbox);
    const token = await client.bearer(["repository:acme/app:pull"]);
    const headers = { accept: `${manifestType}, application/vnd.docker.distribution.manifest.v2+json` };
    expect((await client.send("HEAD", `/v2/acme/app/manifests/${digest}`, token, { headers })).status).toBe(200);
    expect(sandbox.journal.reads(mark, { path: /^\/token/, method: "GET" }).length).toBeGreaterThan(0);
  });
  it("is remembered", { timeout: 60_000 }, async () => {
    const context = join(sandbox.folder, "context");
    // BuildKit closes a build's record some moments after it has answered.
    const remembered = async () => (await builder.history()).filter(({ completed }) => completed);
    await expect.poll(remembered).not.toEqual([]);
    const before = (await remembered()).length;
    await writeContext(context, "hello again\n");
    await build(context);
    await expect.poll(remembered).toHaveLength(before + 1);
    expect((await remembered()).every(({ ref }) => ref !== "")).toBe(true);
  });
  it("tells the user the registry's own words when it is refused", { timeout: 60_000 }, async () => {
    sandbox.registry.refuse("acme/app");
    const context = join(sandbox.folder, "refused");
    await writeContext(context, "refused\n");
    await expect(build(context)).rejects.toThrow("denied: permission_denied: write_package");
  });
});

describe("the sandbox's builder, when docker-build enters it", () => {
  it("stands in the instances of DOCKER_CONFIG under the name of BUILDX_BUILDER", async () => {
    const { DOCKER_CONFIG = "", BUILDX_BUILDER = "" } = sandbox.environment;
    const entry = JSON.parse(await readFile(join(DOCKER_CONFIG, "buildx", "instances", BUILDX_BUILDER), "utf8")) as {
      Name: string;
    };
    expect(entry.Name).toBe(BUILDX_BUILDER);
  });
});
