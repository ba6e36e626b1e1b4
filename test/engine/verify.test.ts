import { rename } from "node:fs/promises";
import { relative } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeWhole } from "../../sandbox/host/folder.ts";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { cutEachOnce } from "../support/cut-answers.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";
import { deleteReferrers, moveTag, published, releaseOf } from "../support/published.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

const workflow = "acme/widgets/.github/workflows/release.yml";
const checkout = new URL("../..", import.meta.url).pathname;
let project: Project;
let file: string;

/** `npm run verify` without the toolchain in front, with a token in its environment that it must not use. */
async function verify(...args: string[]): Promise<{ exitCode: number | undefined; output: string }> {
  const run = await execa("node", ["commands/main.ts", "verify", ...args, "--config-file", file], {
    cwd: checkout,
    env: { ...project.environment, GITHUB_TOKEN: "no token of anybody" },
    all: true,
    reject: false,
  });
  return { exitCode: run.exitCode, output: run.all };
}

async function gitHub(method: string, path: string, body?: string, type = "application/json"): Promise<void> {
  const address = path.startsWith("http") ? path : `${sandbox.addresses.api}/repos/${project.fullName}${path}`;
  const headers = { authorization: `Bearer ${sandbox.environment["GITHUB_TOKEN"]}`, "content-type": type };
  const answer = await fetch(address, { method, headers, ...(body === undefined ? {} : { body }) });
  expect(answer.ok, `${method} ${address}: ${answer.status}`).toBe(true);
}

beforeAll(async () => {
  const ref = "refs/tags/v1.0.0";
  sandbox.sigstore.identity.set({ repository: "acme/kept", ref, job_workflow_ref: `${workflow}@${ref}` });
  project = await makeProject(sandbox, "kept");
  const config = {
    repository: project.fullName,
    image: { repository: `${sandbox.addresses.registry}/${project.fullName}`, sbom: "sbom.spdx.json" },
    assets: [{ path: "deploy/install.yaml" }],
    signing: { issuer: sandbox.sigstore.issuer, workflow },
    sigstore: {
      trustedRoot: relative(project.folder, sandbox.sigstore.trustedRoot),
      signingConfig: relative(project.folder, sandbox.sigstore.signingConfig),
    },
  };
  await project.configure(config);
  await project.commit("v1.0.0");
  const run = await project.up();
  expect(run.exitCode, run.output).toBe(0);
  file = `${project.stateFolder}-verify.yaml`;
  const keys = Object.entries({ workspace: relative(checkout, project.folder), ...config }).map(([key, value]) => [
    `lockstep:${key}`,
    value,
  ]);
  await writeWhole(file, stringify({ config: Object.fromEntries(keys) }));
});

describe("the verify command, when nothing was touched", () => {
  it("finds every promise kept, with no token and no state", async () => {
    const away = `${project.stateFolder}-away`;
    await rename(project.stateFolder, away);
    const run = await verify("kept@1.0.0");
    await rename(away, project.stateFolder);
    expect(run.exitCode, run.output).toBe(0);
    expect(run.output).toMatch(/kept 1\.0\.0: all \d+ promises are kept/);
    expect(run.output).not.toContain("BROKEN");
  });

  it("finds so while each of GitHub's answers is cut once", async () => {
    const cut = cutEachOnce(sandbox, 3);
    const run = await verify("kept@1.0.0");
    sandbox.faults.clear();
    expect(run.output).toMatch(/kept 1\.0\.0: all \d+ promises are kept/);
    expect([run.exitCode, cut.length > 3]).toEqual([0, true]);
  });

  it("finds the version by itself with --all", async () => {
    const run = await verify("--all");
    expect(run.output).toContain("kept 1.0.0: all");
    expect(run.exitCode).toBe(0);
  });
});

/** Each plants one violation, names the promise that it breaks, and takes it back. */
const violations: { what: string; broken: RegExp; plant: () => Promise<() => Promise<void>> }[] = [
  {
    what: "a version tag was moved",
    broken: /BROKEN +\S+\/acme\/kept:1\.0\.0 names the recorded digest/,
    async plant() {
      const [index = "", child = ""] = Object.values((await published(sandbox, project, "1.0.0")).manifests);
      await moveTag(sandbox, project.fullName, "1.0.0", `sha256:${child}`);
      return () => moveTag(sandbox, project.fullName, "1.0.0", `sha256:${index}`);
    },
  },
  {
    what: "an asset was replaced",
    broken: /BROKEN +install\.yaml has the recorded sha256/,
    async plant() {
      const release = await releaseOf(sandbox, project.fullName, "v1.0.0");
      const asset = release.assets.find(({ name }) => name === "install.yaml");
      const bytes = await (await fetch(asset?.browser_download_url ?? "")).text();
      const put = async (text: string, id: number): Promise<void> => {
        await gitHub("DELETE", `/releases/assets/${id}`);
        await gitHub("POST", `${release.upload_url.replace(/\{.*/, "")}?name=install.yaml`, text, "text/plain");
      };
      await put("something else\n", asset?.id ?? 0);
      return async () => {
        const now = (await releaseOf(sandbox, project.fullName, "v1.0.0")).assets.find(
          ({ name }) => name === "install.yaml",
        );
        await put(bytes, now?.id ?? 0);
      };
    },
  },
  {
    what: "the bundle of one file was removed",
    broken: /BROKEN +install\.yaml is signed by acme\/widgets\/\.github\/workflows\/release\.yml +nothing/,
    async plant() {
      const { assets, upload_url: upload } = await releaseOf(sandbox, project.fullName, "v1.0.0");
      const bundle = assets.find(({ name }) => name === "install.yaml.sigstore.json");
      const text = await (await fetch(bundle?.browser_download_url ?? "")).text();
      await gitHub("DELETE", `/releases/assets/${bundle?.id ?? 0}`);
      const address = `${upload.replace(/\{.*/, "")}?name=install.yaml.sigstore.json`;
      return () => gitHub("POST", address, text, "application/json");
    },
  },
  {
    what: "the notes name another digest, and a strange file is attached",
    broken:
      /BROKEN +the notes name \S+:1\.0\.0 with the recorded digest +sha256:eeee[^]*BROKEN +evil\.sh, a file of the Release, is in the record/,
    async plant() {
      const release = await releaseOf(sandbox, project.fullName, "v1.0.0");
      const { body } = (await published(sandbox, project, "1.0.0")).release;
      const write = (text: string) => gitHub("PATCH", `/releases/${release.id}`, JSON.stringify({ body: text }));
      await write(body.replaceAll(/sha256:[0-9a-f]{64}/g, `sha256:${"e".repeat(64)}`));
      await gitHub("POST", `${release.upload_url.replace(/\{.*/, "")}?name=evil.sh`, "echo evil", "text/plain");
      return async () => {
        const { assets } = await releaseOf(sandbox, project.fullName, "v1.0.0");
        await gitHub("DELETE", `/releases/assets/${assets.find(({ name }) => name === "evil.sh")?.id ?? 0}`);
        await write(body);
      };
    },
  },
  {
    what: "the git tag is gone",
    broken: /BROKEN +the git tag v1\.0\.0 is at the recorded commit +nothing/,
    async plant() {
      const { gitTag } = await published(sandbox, project, "1.0.0");
      await gitHub("DELETE", "/git/refs/tags/v1.0.0");
      return () => gitHub("POST", "/git/refs", JSON.stringify({ ref: "refs/tags/v1.0.0", sha: gitTag }));
    },
  },
  {
    what: "a signature was removed",
    broken: /BROKEN +\S+ is signed by acme\/widgets\/\.github\/workflows\/release\.yml +nothing/,
    async plant() {
      const [index = ""] = Object.values((await published(sandbox, project, "1.0.0")).manifests);
      return deleteReferrers(sandbox, project.fullName, `sha256:${index}`);
    },
  },
  {
    what: "the SBOM was removed",
    broken:
      /1 of \d+ promises are broken[^]*BROKEN +\S+:1\.0\.0 has the attestation https:\/\/spdx\.dev\/Document +nothing/,
    async plant() {
      const [index = ""] = Object.values((await published(sandbox, project, "1.0.0")).manifests);
      return deleteReferrers(sandbox, project.fullName, `sha256:${index}`, "https://spdx.dev/Document");
    },
  },
];

describe.each(violations)("the verify command, when $what", ({ broken, plant }) => {
  it("exits with 1 and names the promise, and is content once it is mended", async () => {
    const mend = await plant();
    const found = await verify("kept@1.0.0");
    expect(found.exitCode, found.output).toBe(1);
    expect(found.output).toMatch(broken);
    await mend();
    const after = await verify("kept@1.0.0");
    expect(after.exitCode, after.output).toBe(0);
  });
});
