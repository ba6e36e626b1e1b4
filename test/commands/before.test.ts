import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { attachBundle } from "../clients/registry/attached-bundle.ts";
import { signStatement } from "../../clients/sigstore/signing.ts";
import { before } from "../../commands/before.ts";
import { Misuse } from "../../commands/command-line/misuse.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { labelKeys } from "../../formats/artifact/labels.ts";
import { makeAttestationStatement, provenance, provenancePredicate } from "../../formats/signing/statement.ts";
import { failure } from "../clients/failure.ts";
import { signingSandbox, workflow } from "../clients/sigstore/signing-sandbox.ts";
import { registryClient } from "../sandbox/registry-client.ts";

const signing = signingSandbox();
const repository = "acme/charts";
let root = "";
let number = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "before-"));
});
afterAll(() => rm(root, { recursive: true }));

/** A workspace with charts, the file of its stack, and where the charts are pushed. */
async function chartSet(charts: Readonly<Record<string, string>>, keys: Record<string, unknown> = {}) {
  const name = `before-${++number}`;
  const folder = join(root, name);
  for (const [chart, version] of Object.entries(charts)) {
    await mkdir(join(folder, "charts", chart), { recursive: true });
    const text = `apiVersion: v2\nname: ${chart}\nversion: ${version}\n`;
    await writeFile(join(folder, "charts", chart, "Chart.yaml"), text);
  }
  const { issuer } = signing.sandbox.sigstore;
  const { trustedRoot, signingConfig } = signing.instance();
  const config = {
    repository,
    workspace: relative(process.cwd(), folder),
    charts: { path: "charts/*", repository: `${signing.sandbox.addresses.registry}/acme/${name}/{name}` },
    signing: { issuer, workflow },
    sigstore: { trustedRoot: relative(folder, trustedRoot), signingConfig: relative(folder, signingConfig) },
    ...keys,
  };
  const file = join(root, `${name}.yaml`);
  const named = Object.entries(config).map(([key, value]) => [`lockstep:${key}`, value] as const);
  await writeFile(file, stringify({ config: Object.fromEntries(named) }));
  return { name: `acme/${name}`, file };
}

/** Attaches provenance of our workflow, as a release does. */
async function prove(name: string, digest: string): Promise<void> {
  const at = `${signing.sandbox.addresses.registry}/${name}`;
  const proof = { revision: "1".repeat(40), buildInputs: "2".repeat(64) };
  const predicate = provenance(proof, "builder", `https://github.com/${repository}`, {});
  signing.runAs(workflow, "refs/tags/v1.0.0", { repository, sha: proof.revision });
  const statement = makeAttestationStatement(at, digest, provenancePredicate, predicate);
  await attachBundle(at, digest, await signStatement(statement, signing.instance()), provenancePredicate);
}

/** Puts a manifest that names the commit it was pushed from. */
async function putFromCommit(name: string, tag: string): Promise<void> {
  const client = registryClient(signing.sandbox);
  const type = "application/vnd.oci.image.index.v1+json";
  const annotations = { [labelKeys.revision]: "1".repeat(40) };
  const body = JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [], annotations });
  const bearer = await client.bearer([`repository:${name}:pull,push`]);
  const init = { body, headers: { "content-type": type } };
  const answer = await client.send("PUT", `/v2/${name}/manifests/${tag}`, bearer, init);
  expect(answer.status).toBe(201);
}

async function run(...args: string[]): Promise<{ exitCode: number; lines: string[] }> {
  let output = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += String(text);
    return true;
  });
  try {
    return { exitCode: await before(args), lines: output.trimEnd().split("\n") };
  } finally {
    write.mockRestore();
  }
}

describe("the before command", () => {
  it("prints the versions in the registry that no release published, and writes nothing", async () => {
    const { name, file } = await chartSet({ app: "1.2.3", cli: "2.0.0+5", db: "0.0.0", redis: "7.0.0", web: "0.1.0" });
    const client = registryClient(signing.sandbox);
    await client.pushImage(`${name}/app`, "1.2.3", "helm push");
    await client.pushImage(`${name}/cli`, "2.0.0_5", "helm push");
    await client.pushImage(`${name}/db`, "0.0.0", "helm push");
    await client.pushImage(`${name}/web`, "0.0.9", "an earlier version");
    await prove(`${name}/redis`, await client.pushImage(`${name}/redis`, "7.0.0", "a release"));
    const mark = signing.sandbox.journal.mark();
    expect(await run("--config-file", file)).toEqual({
      exitCode: 0,
      lines: [
        "2 of 4 charts have versions that another tool published. Write this into the chart set:",
        "",
        "before:",
        "  app: 1.2.3",
        "  cli: 2.0.0+5",
      ],
    });
    expect(signing.sandbox.journal.writes(mark)).toEqual([]);
  });

  it("also lists what the configuration lists already, and not what it should not", async () => {
    const keys = { path: "charts/*", before: { app: "1.2.3", gone: "1.0.0" } };
    const { name, file } = await chartSet({ app: "1.2.3" });
    const { file: listed } = await chartSet(
      { app: "1.2.3" },
      { charts: { ...keys, repository: `${signing.sandbox.addresses.registry}/${name}/{name}` } },
    );
    await registryClient(signing.sandbox).pushImage(`${name}/app`, "1.2.3", "helm push");
    expect((await run("--config-file", listed)).lines).toEqual((await run("--config-file", file)).lines);
    expect((await run("--config-file", listed)).lines.at(-1)).toBe("  app: 1.2.3");
  });

  it("goes by the commit in the manifest if nothing is signed", async () => {
    const { name, file } = await chartSet({ app: "1.2.3", web: "1.0.0" }, { signing: "off" });
    await registryClient(signing.sandbox).pushImage(`${name}/app`, "1.2.3", "helm push");
    await putFromCommit(`${name}/web`, "1.0.0");
    expect((await run("--config-file", file)).lines.slice(2)).toEqual(["before:", "  app: 1.2.3"]);
  });

  it("says that nothing needs to be listed", async () => {
    const { file } = await chartSet({ app: "1.2.3" });
    expect(await run("--config-file", file)).toEqual({
      exitCode: 0,
      lines: ["No chart has a version that another tool published: `before` is not needed."],
    });
  });

  it("refuses a configuration without charts, or with a chart that cannot be read", async () => {
    const { file } = await chartSet({ app: "1.2.3" }, { charts: undefined, image: "ghcr.io/acme/app" });
    expect((await failure(Error, run("--config-file", file))).message).toContain("no chart set");
    const { file: wrong } = await chartSet({ app: "1.10" });
    const error = await failure(ReleaseError, run("--config-file", wrong));
    expect(error.parts.reason).toContain("charts/app/Chart.yaml: version: cannot be read");
    expect(await failure(Misuse, run())).toBeInstanceOf(Misuse);
  });
});
