import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";
import { imageTags, releases } from "../support/published.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

const image = (name: string): object => ({
  name,
  repository: `${sandbox.addresses.registry}/acme/${name}`,
  platforms: ["linux/amd64"],
});

describe("a release, when a commit has tags of two units", () => {
  let project: Project;
  let run: Run;
  let mark: number;

  beforeAll(async () => {
    project = await makeProject(sandbox, "mono", {
      image: undefined,
      assets: undefined,
      license: undefined,
      signing: undefined,
      units: [
        { name: "api", images: [image("api")], signing: "off" },
        { name: "web", images: [image("web")], assets: [{ path: "deploy/install.yaml" }], signing: "off" },
        { name: "idle", images: [image("idle")], signing: "off" },
      ],
    });
    await project.commit("api-v2.0.0", "web-v1.3.0");
    mark = sandbox.journal.mark();
    run = await project.up();
  });

  it("releases both in one run", async () => {
    expect(run.exitCode, run.output).toBe(0);
    expect([await imageTags(sandbox, "acme/api"), await imageTags(sandbox, "acme/web")]).toEqual([
      ["2.0.0"],
      ["1.3.0"],
    ]);
    expect((await releases(sandbox, project.fullName)).map(({ tag_name }) => tag_name).toSorted()).toEqual([
      "api-v2.0.0",
      "web-v1.3.0",
    ]);
  });

  it("says that the third is not released, and why", async () => {
    expect(run.output).toContain(
      "idle is not released in this run: no version: no tag of the form `idle-v{version}` is at HEAD",
    );
    expect(await imageTags(sandbox, "acme/idle")).toEqual([]);
  });

  it("tags each unit only after its own artifacts", () => {
    for (const [unit, version] of [
      ["api", "2.0.0"],
      ["web", "1.3.0"],
    ] as const) {
      const writes = sandbox.journal.writes(mark, { door: "registry", repository: `acme/${unit}` });
      const [tag] = writes.filter(({ path }) => path.endsWith(`/manifests/${version}`));
      const others = writes.filter(({ path }) => !path.endsWith(`/manifests/${version}`));
      expect(tag?.begin).toBeGreaterThan(Math.max(...others.map(({ end }) => end)));
    }
  });
});

describe("a program with an artifact kind that Lockstep does not have", () => {
  /** A manifest without layers, pushed by digest: about the smallest thing that can be released. */
  const program = `
    import { createHash } from "node:crypto";
    import { writeFileSync } from "node:fs";
    import { ReleaseTrain } from "./resources/release/release-train.ts";
    import { ImageIndex } from "./resources/artifact/image-index.ts";
    import released from "./index.ts";

    const graph = (plan, release, options) => {
      const wrapped = new ImageIndex(\`parcel/\${plan.name}@\${release.version}\`, {
        repository: plan.ociRepository,
        manifests: [{ platform: "any/any", digest: process.env.PARCEL_DIGEST }],
        annotations: {},
      }, options);
      const text = wrapped.digest.apply((digest) => {
        writeFileSync(process.env.MADE_FILE, digest);
        return digest;
      });
      const from = {
        path: process.env.MADE_FILE,
        sha256: text.apply((digest) => createHash("sha256").update(digest).digest("hex")),
        size: text.apply((digest) => digest.length),
      };
      return { digest: wrapped.digest, resources: [wrapped], assets: [{ name: "box.txt", from }] };
    };
    const parcel = {
      kind: "parcel", name: "box", ociRepository: process.env.SANDBOX_REGISTRY + "/acme/box", tag: "3.0.0",
      buildInputs: "${"0".repeat(64)}", sourceHash: "", parameters: {}, decision: { how: "build" },
    };
    const box = new ReleaseTrain({
      unit: "box", version: "3.0.0", from: "a test", unitVersion: "box@3.0.0", provisional: false, prerelease: false, latest: false,
      repository: "acme/three", revision: process.env.REVISION, gitTag: "box-v3.0.0", tagPattern: "box-v{version}", title: "box 3.0.0",
      notes: "A box: {{digest:box}}", artifacts: [parcel], assets: [], signing: "off", recordedSigning: "off", sigstore: {}, source: "http://example.org", leftOut: [], published: false,
    }, graph);
    export const units = { ...released.units, box: box.released };
  `;

  it("releases it beside two units, by the same train", async () => {
    const project = await makeProject(sandbox, "three", {
      workspace: "../clone",
      image: undefined,
      assets: undefined,
      license: undefined,
      signing: undefined,
      units: [
        { name: "left", images: [image("left")], signing: "off" },
        { name: "right", images: [image("right")], signing: "off" },
      ],
    });
    const revision = await project.commit("left-v1.0.0", "right-v1.0.0");
    const digest = await pushEmptyManifest("acme/box");
    const file = join(project.folder, "..", "box.txt");
    Object.assign(project.environment, { REVISION: revision, PARCEL_DIGEST: digest, MADE_FILE: file });
    const run = await project.upWith(await programFolder(project, program));
    expect(run.exitCode, run.output).toBe(0);
    expect(await imageTags(sandbox, "acme/box")).toEqual(["3.0.0"]);
    expect(
      (await releases(sandbox, "acme/three")).map(({ tag_name, draft }) => `${tag_name} ${draft}`).toSorted(),
    ).toEqual(["box-v3.0.0 false", "left-v1.0.0 false", "right-v1.0.0 false"]);
    const box = (await releases(sandbox, "acme/three")).find(({ tag_name }) => tag_name === "box-v3.0.0");
    expect(box?.assets.map(({ name }) => name)).toContain("box.txt");
  });
});

/** The product's folders beside another entry point: a Pulumi program of its own with Lockstep's parts. */
async function programFolder(project: Project, text: string): Promise<string> {
  const folder = join(project.folder, "..", "program");
  const checkout = new URL("../..", import.meta.url).pathname;
  await mkdir(folder, { recursive: true });
  for (const name of [
    "clients",
    "config",
    "errors",
    "formats",
    "node_modules",
    "observe",
    "plan",
    "programs",
    "providers",
    "resources",
    "index.ts",
  ]) {
    await symlink(join(checkout, name), join(folder, name));
  }
  await cp(join(checkout, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", main: "program.mjs" }));
  await writeFile(join(folder, "program.mjs"), text);
  return folder;
}

async function pushEmptyManifest(repository: string): Promise<string> {
  const host = `http://${sandbox.addresses.registry}`;
  const basic = `Basic ${Buffer.from(`maintainer:${sandbox.environment["GITHUB_TOKEN"]}`).toString("base64")}`;
  const scope = encodeURIComponent(`repository:${repository}:pull,push`);
  const { token } = (await (
    await fetch(`${host}/token?scope=${scope}`, { headers: { authorization: basic } })
  ).json()) as { token: string };
  const authorization = `Bearer ${token}`;
  const config = "{}";
  const configDigest = await sha256(config);
  const session = await fetch(`${host}/v2/${repository}/blobs/uploads/`, {
    method: "POST",
    headers: { authorization },
  });
  const upload = new URL(session.headers.get("location") ?? "", host);
  upload.searchParams.set("digest", configDigest);
  expect((await fetch(upload, { method: "PUT", headers: { authorization }, body: config })).status).toBe(201);
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: { mediaType: "application/vnd.oci.empty.v1+json", digest: configDigest, size: config.length },
    layers: [],
  });
  const digest = await sha256(manifest);
  const put = await fetch(`${host}/v2/${repository}/manifests/${digest}`, {
    method: "PUT",
    headers: { authorization, "content-type": mediaType },
    body: manifest,
  });
  expect(put.status, await put.text()).toBe(201);
  return digest;
}

async function sha256(text: string): Promise<string> {
  return `sha256:${Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toString("hex")}`;
}
