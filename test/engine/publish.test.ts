import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { changes } from "../support/engine-events.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

let project: Project;
let first: Run;
let mark: number;

beforeAll(async () => {
  project = await makeProject(sandbox, "widgets", {
    image: { repository: `${sandbox.addresses.registry}/acme/widgets`, platforms: ["linux/amd64", "linux/arm64"] },
  });
  await project.write({ ".gitignore": "*.log\n" });
  await project.commit("v1.0.0");
  mark = sandbox.journal.mark();
});

describe("a preview of a first release", () => {
  let preview: Run;
  beforeAll(async () => {
    preview = await project.preview();
  });

  it("succeeds", () => expect(preview.exitCode, preview.output).toBe(0));
  it("shows the tags and the assets", () => {
    expect(preview.output).toContain(`${sandbox.addresses.registry}/acme/widgets:1.0.0@<known after push>`);
    expect(preview.output).toContain("git tag v1.0.0");
    expect(preview.output).toContain("with install.yaml, checksums.txt, lockstep.release.json");
  });
  it("shows the whole notes", () => {
    expect(preview.output).toContain("| - First release: an image for two platforms and an installer.");
    expect(preview.output).toContain("This release is **not signed**");
  });
  it("writes nothing", () => expect(sandbox.journal.writes(mark)).toEqual([]));
});

describe("a first release", () => {
  beforeAll(async () => {
    mark = sandbox.journal.mark();
    first = await project.up();
  });

  it("succeeds", () => expect(first.exitCode, first.output).toBe(0));

  it("says nothing of outputs that it has not", () => expect(first.output).not.toMatch(/stack output/));

  it("only creates", () => {
    expect(new Set(changes(first.operations).map(({ op }) => op))).toEqual(new Set(["create"]));
  });

  it("pushes every artifact before any version tag", () => {
    const pushes = sandbox.journal
      .writes(mark, { door: "registry" })
      .filter(({ path }) => !path.endsWith("/manifests/1.0.0"));
    const [tag] = sandbox.journal.writes(mark, { door: "registry", path: /\/manifests\/1\.0\.0$/ });
    expect(pushes.length).toBeGreaterThan(3);
    expect(tag?.begin).toBeGreaterThan(Math.max(...pushes.map(({ end }) => end)));
  });

  it("publishes the Release after every version tag, the git tag and the assets", () => {
    const writes = sandbox.journal.writes(mark);
    const publish = writes.findLast(({ method, path }) => method === "PATCH" && /\/releases\/\d+$/.test(path));
    const others = writes.filter((entry) => entry !== publish);
    expect(publish?.begin).toBeGreaterThan(Math.max(...others.map(({ end }) => end)));
  });

  it("makes an index of both platforms that says version, revision and source", async () => {
    const answer = await fetch(`http://${sandbox.addresses.registry}/v2/acme/widgets/manifests/1.0.0`, {
      headers: { authorization: `Bearer ${await token()}`, accept: "application/vnd.oci.image.index.v1+json" },
    });
    const index = (await answer.json()) as { manifests: { platform: object }[]; annotations: Record<string, string> };
    expect(index.manifests.map(({ platform }) => platform)).toEqual([
      { architecture: "amd64", os: "linux" },
      { architecture: "arm64", os: "linux" },
    ]);
    expect(index.annotations).toMatchObject({
      "org.opencontainers.image.version": "1.0.0",
      "org.opencontainers.image.revision": await project.git("rev-parse", "HEAD"),
      "org.opencontainers.image.source": `${sandbox.addresses.web}/acme/widgets`,
      "org.opencontainers.image.licenses": "Apache-2.0",
      "org.opencontainers.image.created": "2026-01-15T09:00:00Z",
    });
  });

  it("breaks no rule of GitHub's own description", () => expect(sandbox.violations()).toEqual([]));

  it("keeps every dynamic resource's state under 2 KB beside its inputs", async () => {
    const { deployment } = await project.state();
    const ours = deployment.resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/lockstep:"));
    expect(ours.length).toBe(4);
    expect(new Set(ours.map(({ inputs }) => (inputs as { __provider: string }).__provider))).toEqual(
      new Set(['exports.handler = () => require("./providers/all-providers.ts").dynamicProvider;']),
    );
    for (const resource of ours) {
      const inputs = resource.inputs ?? {};
      const outputs = Object.fromEntries(Object.entries(resource.outputs ?? {}).filter(([name]) => !(name in inputs)));
      expect(JSON.stringify({ ...resource, inputs: {}, outputs }).length, resource.urn).toBeLessThan(2048);
    }
  });
});

describe("a release, when nothing has changed", () => {
  it("finds every resource the same, reads, and writes and builds nothing", async () => {
    const history = await sandbox.builder?.history();
    mark = sandbox.journal.mark();
    const again = await project.up();
    expect(again.exitCode, again.output).toBe(0);
    expect(changes(again.operations)).toEqual([]);
    expect(again.operations.filter(({ op, type }) => op === "same" && /Image|dynamic/.test(type)).length).toBe(6);
    expect(again.output).toContain("nothing to do");
    expect(sandbox.journal.reads(mark).length).toBeGreaterThan(0);
    expect(sandbox.journal.writes(mark)).toEqual([]);
    expect(await sandbox.builder?.history()).toEqual(history);
  });

  it("finds nothing to do on another machine with an empty state", async () => {
    const other = await project.clone();
    const history = await sandbox.builder?.history();
    mark = sandbox.journal.mark();
    const run = await other.up();
    expect(run.exitCode, run.output).toBe(0);
    expect(run.output).toContain("nothing to do");
    expect(sandbox.journal.reads(mark).length).toBeGreaterThan(0);
    expect(sandbox.journal.writes(mark)).toEqual([]);
    expect(await sandbox.builder?.history()).toEqual(history);
    expect((await other.units())["widgets"]?.artifacts["widgets"]?.digest).toBe(
      (await project.units())["widgets"]?.artifacts["widgets"]?.digest,
    );
  });

  it("finds every resource the same on another machine that has the state", async () => {
    const other = await project.clone({ state: true });
    const history = await sandbox.builder?.history();
    mark = sandbox.journal.mark();
    const run = await other.up();
    expect(run.exitCode, run.output).toBe(0);
    expect(changes(run.operations)).toEqual([]);
    expect(sandbox.journal.writes(mark)).toEqual([]);
    expect(await sandbox.builder?.history()).toEqual(history);
  });

  it("builds nothing where the build context has files that git ignores", async () => {
    const other = await project.clone({ state: true });
    await other.write({ "scratch.log": "sent to the builder, and not in git" });
    const history = await sandbox.builder?.history();
    mark = sandbox.journal.mark();
    const run = await other.up();
    expect(run.exitCode, run.output).toBe(0);
    expect(changes(run.operations).filter(({ op, retained }) => !(op === "delete" && retained))).toEqual([]);
    expect(sandbox.journal.writes(mark)).toEqual([]);
    expect(await sandbox.builder?.history()).toEqual(history);
  });

  it("writes nothing in a refresh", async () => {
    mark = sandbox.journal.mark();
    expect((await project.pulumi("refresh", "--yes")).exitCode).toBe(0);
    expect(sandbox.journal.writes(mark)).toEqual([]);
  });
});

async function token(): Promise<string> {
  const address = new URL(`http://${sandbox.addresses.registry}/token`);
  address.searchParams.set("scope", "repository:acme/widgets:pull");
  return ((await (await fetch(address)).json()) as { token: string }).token;
}
