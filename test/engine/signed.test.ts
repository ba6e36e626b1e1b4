import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { changes } from "../support/engine-events.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";
import { commandsIn, readerFolder } from "../support/pasted.ts";
import type { ReaderFolder } from "../support/pasted.ts";
import { deleteReferrers, imageTags, published, releases } from "../support/published.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

const workflow = "acme/widgets/.github/workflows/release.yml";
const identity = `https://github.com/${workflow}@refs/tags/v1.0.0`;

/** Runs from now on are jobs of this workflow in this repository, for the tag v1.0.0. */
function runAs(workflowFile: string, repository = "acme/widgets"): void {
  const ref = "refs/tags/v1.0.0";
  sandbox.sigstore.identity.set({ repository, ref, job_workflow_ref: `${workflowFile}@${ref}` });
}

function signing(project: Project, workflowFile: string, more: object = {}): Record<string, unknown> {
  return {
    signing: { issuer: sandbox.sigstore.issuer, workflow: workflowFile, ...more },
    sigstore: {
      trustedRoot: relative(project.folder, sandbox.sigstore.trustedRoot),
      signingConfig: relative(project.folder, sandbox.sigstore.signingConfig),
    },
  };
}

async function configured(project: Project, policy: Record<string, unknown>): Promise<Project> {
  await project.configure({
    repository: project.fullName,
    version: "1.0.0",
    image: {
      repository: `${sandbox.addresses.registry}/${project.fullName}`,
      platforms: project.fullName === "acme/signed" ? ["linux/amd64", "linux/arm64"] : ["linux/amd64"],
      ...(policy["signing"] === "off" ? {} : { sbom: "sbom.spdx.json" }),
    },
    assets: [{ path: "deploy/install.yaml" }],
    ...policy,
  });
  return project;
}

async function signedProject(name: string): Promise<Project> {
  runAs(workflow, `acme/${name}`);
  const project = await makeProject(sandbox, name);
  return configured(project, signing(project, workflow));
}

/** Real cosign, which knows nothing of Lockstep. */
function cosign(
  command: string[],
  options: { as?: string; issuer?: string } = {},
): Promise<{ exitCode?: number | undefined; all: string }> {
  const { as = identity, issuer = sandbox.sigstore.issuer } = options;
  const trust = [
    "--trusted-root",
    sandbox.sigstore.trustedRoot,
    "--certificate-identity",
    as,
    "--certificate-oidc-issuer",
    issuer,
  ];
  const [verb = "", ...rest] = command;
  return execa("cosign", [verb, ...trust, ...rest], { env: sandbox.environment, all: true, reject: false });
}

const signature = ["verify-attestation", "--type", "https://sigstore.dev/cosign/sign/v1"];
const provenance = ["verify-attestation", "--type", "slsaprovenance1"];
const sbom = ["verify-attestation", "--type", "spdxjson"];

describe("a signed release", () => {
  let project: Project;
  let run: Run;
  let mark: number;
  let digests: string[];

  beforeAll(async () => {
    project = await signedProject("signed");
    await project.commit("v1.0.0");
    mark = sandbox.journal.mark();
    run = await project.up();
    digests = Object.values((await published(sandbox, project, "1.0.0")).manifests).map((hex) => `sha256:${hex}`);
  });
  const reference = (digest: string): string => `${sandbox.addresses.registry}/${project.fullName}@${digest}`;

  it("succeeds", () => expect(run.exitCode, run.output).toBe(0));

  it("has signatures that cosign accepts on the index and on every platform's manifest", async () => {
    expect(digests.length).toBe(3);
    for (const digest of digests) {
      const accepted = await cosign([...signature, reference(digest)]);
      expect(accepted.exitCode, accepted.all).toBe(0);
      expect((await cosign(["verify", reference(digest)])).exitCode).toBe(0);
    }
  });

  it("has provenance that cosign accepts, with commit and build inputs", async () => {
    const accepted = await cosign([...provenance, reference(digests[0] ?? "")]);
    expect(accepted.exitCode, accepted.all).toBe(0);
    const envelope = JSON.parse(accepted.all.split("\n").find((line) => line.startsWith("{")) ?? "{}") as {
      payload: string;
    };
    const statement = JSON.parse(Buffer.from(envelope.payload, "base64").toString()) as {
      predicate: {
        buildDefinition: { resolvedDependencies: { digest: { gitCommit: string } }[]; externalParameters: object };
      };
    };
    const { resolvedDependencies, externalParameters } = statement.predicate.buildDefinition;
    expect(resolvedDependencies[0]?.digest.gitCommit).toBe(await project.git("rev-parse", "HEAD"));
    expect(externalParameters).toMatchObject({ context: ".", platforms: ["linux/amd64", "linux/arm64"] });
  });

  it("has an SBOM that cosign accepts, the file of the configuration", async () => {
    const accepted = await cosign([...sbom, reference(digests[0] ?? "")]);
    expect(accepted.exitCode, accepted.all).toBe(0);
    const [envelope, another] = accepted.all.split("\n").filter((line) => line.startsWith("{"));
    const { payload } = JSON.parse(envelope ?? "{}") as { payload: string };
    const { predicate } = JSON.parse(Buffer.from(payload, "base64").toString()) as { predicate: unknown };
    expect(predicate).toEqual(JSON.parse(await readFile(join(project.folder, "sbom.spdx.json"), "utf8")));
    expect(another).toBeUndefined();
  });

  it("says in its record what is attached", async () => {
    const address = `${sandbox.addresses.web}/${project.fullName}/releases/download/v1.0.0/lockstep.release.json`;
    const { predicate } = (await (await fetch(address)).json()) as {
      predicate: { artifacts: Record<string, { attestations: string[] }> };
    };
    expect(predicate.artifacts["signed"]?.attestations).toEqual([
      "https://slsa.dev/provenance/v1",
      "https://spdx.dev/Document",
    ]);
  });

  it("keeps the SBOM itself out of the state", async () => {
    const text = JSON.stringify(await project.state());
    expect([text.includes("sbom/signed@1.0.0"), text.includes("SPDXRef-Package-widgets")]).toEqual([true, false]);
  });

  it("is refused by cosign under another identity or another issuer", async () => {
    expect(
      (await cosign([...signature, reference(digests[0] ?? "")], { as: identity.replace("acme", "evil") })).exitCode,
    ).not.toBe(0);
    expect(
      (await cosign([...signature, reference(digests[0] ?? "")], { issuer: "https://issuer.invalid" })).exitCode,
    ).not.toBe(0);
  });

  it("has the version tag only after every signature and attestation", () => {
    const writes = sandbox.journal.writes(mark, { door: "registry" }).filter(({ status }) => status < 300);
    const tag = writes.find(({ path }) => path.endsWith("/manifests/1.0.0"));
    const lists = writes.filter(({ path }) => /\/manifests\/sha256-/.test(path));
    // Of the index and its two platforms; those of one digest may be written together.
    expect(new Set(lists.map(({ path }) => path)).size).toBe(3);
    const attached = [...lists, ...writes.filter(({ path }) => /\/manifests\/sha256:/.test(path))];
    expect(tag?.begin).toBeGreaterThan(Math.max(...attached.map(({ end }) => end)));
  });

  it("has its provenance at GitHub, the bundle that is attached, after the version tag and before the Release", async () => {
    const [index = ""] = digests;
    const at = `${sandbox.addresses.api}/repos/${project.fullName}/attestations/${index}`;
    expect(((await (await fetch(at)).json()) as { attestations: unknown[] }).attestations.length).toBe(1);
    const writes = sandbox.journal.writes(mark).filter(({ status }) => status < 300);
    const [tag, post, publish] = [/\/manifests\/1\.0\.0$/, /\/attestations$/, /\/releases\/\d+$/].map((path) =>
      writes.findLast((write) => path.test(write.path)),
    );
    expect([post?.method, publish?.method]).toEqual(["POST", "PATCH"]);
    expect(post?.begin).toBeGreaterThan(tag?.end ?? Infinity);
    expect(publish?.begin).toBeGreaterThan(post?.end ?? Infinity);
  });

  describe("when its notes are read", () => {
    let folder: ReaderFolder;
    let commands: string[];
    beforeAll(async () => {
      folder = await readerFolder(sandbox, project.fullName, "v1.0.0");
      commands = commandsIn((await published(sandbox, project, "1.0.0")).release.body);
    });
    afterAll(() => folder.forget());

    it("has commands that all work when they are pasted beside its files", async () => {
      expect(commands.map((command) => command.replace(/^paste .* \| /, "").split(" -", 1)[0])).toEqual([
        "sha256sum",
        "cosign verify",
        ...Array.from({ length: 3 }, () => "cosign verify-attestation"),
        `gh attestation verify oci://${reference(digests[0] ?? "")}`,
        ...Array.from({ length: 3 }, () => "cosign verify-blob"),
      ]);
      for (const command of commands) {
        const { exitCode, output } = await folder.paste(command);
        expect(exitCode, output).toBe(0);
      }
    });

    it.each([
      { file: "install.yaml", failing: [/^sha256sum /, /^cosign verify-blob .* install\.yaml$/] },
      { file: "checksums.txt", failing: [/^sha256sum /, /^cosign verify-blob .* checksums\.txt$/] },
      { file: "lockstep.release.json", failing: [/^cosign verify-blob .* lockstep\.release\.json$/] },
    ])("has a command that finds one changed bit in $file", async ({ file, failing }) => {
      await folder.flip(file);
      const ofFiles = commands.filter((command) => /^(sha256sum|cosign verify-blob) /.test(command));
      const failed: string[] = [];
      for (const command of ofFiles) {
        if ((await folder.paste(command)).exitCode !== 0) {
          failed.push(command);
        }
      }
      await folder.flip(file);
      expect(failed).toEqual(failing.map((pattern) => expect.stringMatching(pattern)));
    });

    it.each(["cosign verify ", "cosign verify-attestation ", "gh "])(
      "refuses another identity by `%s`",
      async (tool) => {
        const evil = commands
          .filter((command) => command.includes(tool))
          .map((command) => command.replaceAll("acme/widgets", "evil/widgets"));
        expect(evil.length).toBeGreaterThan(0);
        for (const command of evil) {
          const { exitCode, output } = await folder.paste(command);
          expect(exitCode, output).not.toBe(0);
        }
      },
    );
  });

  it.each(["install.yaml", "checksums.txt", "lockstep.release.json"])(
    "has a signature on %s that cosign accepts, and not on other bytes",
    async (name) => {
      const folder = await mkdtemp(join(tmpdir(), "lockstep-asset-"));
      const address = `${sandbox.addresses.web}/${project.fullName}/releases/download/v1.0.0`;
      for (const file of [name, `${name}.sigstore.json`]) {
        await writeFile(join(folder, file), Buffer.from(await (await fetch(`${address}/${file}`)).arrayBuffer()));
      }
      const bundle = ["verify-blob", "--bundle", join(folder, `${name}.sigstore.json`), join(folder, name)];
      const accepted = await cosign(bundle);
      expect(accepted.exitCode, accepted.all).toBe(0);
      await appendFile(join(folder, name), " ");
      expect((await cosign(bundle)).exitCode).not.toBe(0);
      await rm(folder, { recursive: true });
    },
  );

  it("is taken by a machine without state, which builds, signs and writes nothing", async () => {
    const other = await project.clone();
    const before = [await sandbox.builder?.history(), sandbox.sigstore.entries()];
    mark = sandbox.journal.mark();
    const taken = await other.up();
    expect(taken.exitCode, taken.output).toBe(0);
    expect((await other.units())["signed"]?.artifacts["signed"]?.how).toBe("adopted");
    expect([await sandbox.builder?.history(), sandbox.sigstore.entries()]).toEqual(before);
    expect(sandbox.journal.writes(mark)).toEqual([]);
  });

  it("shows a lost signature and a lost post in a preview and puts them back in an `up`", async () => {
    await deleteReferrers(sandbox, project.fullName, digests[0] ?? "");
    const headers = { authorization: `Bearer ${sandbox.environment["GITHUB_TOKEN"]}` };
    const posts = `${sandbox.addresses.api}/orgs/acme/attestations/digest/${digests[0]}`;
    expect((await fetch(posts, { method: "DELETE", headers })).status).toBe(204);
    expect((await cosign([...signature, reference(digests[0] ?? "")])).exitCode).not.toBe(0);
    const preview = await project.preview();
    expect(preview.output).toMatch(/Signature.*signature\/signed@1\.0\.0.*create/);
    expect(preview.output).toMatch(/GitHubAttestation.*github-attestation\/signed@1\.0\.0.*create/);
    expect(preview.output).toMatch(/Attestation.*sbom\/signed@1\.0\.0.*create/);
    const repaired = await project.up();
    expect(repaired.exitCode, repaired.output).toBe(0);
    expect((await cosign([...signature, reference(digests[0] ?? "")])).exitCode).toBe(0);
    expect((await cosign([...provenance, reference(digests[0] ?? "")])).exitCode).toBe(0);
    expect((await cosign([...sbom, reference(digests[0] ?? "")])).exitCode).toBe(0);
  });

  it("is found complete by the next run, which writes nothing, also when the SBOM's file was made again", async () => {
    const file = join(project.folder, "sbom.spdx.json");
    const text = await readFile(file, "utf8");
    await project.git("update-index", "--assume-unchanged", "sbom.spdx.json");
    await writeFile(file, text.replace("2026-01-15T09:00:00Z", "2026-01-16T09:00:00Z"));
    const entries = sandbox.sigstore.entries();
    mark = sandbox.journal.mark();
    const again = await project.up();
    expect(again.exitCode, again.output).toBe(0);
    expect([changes(again.operations), sandbox.journal.writes(mark), sandbox.sigstore.entries()]).toEqual([
      [],
      [],
      entries,
    ]);
  });
});

describe("a signed release, when signing is down", () => {
  it("makes no tag and no Release, and converges once it is up", async () => {
    const project = await signedProject("down");
    await configured(project, {
      ...signing(project, workflow),
      packages: { registry: sandbox.addresses.registry },
    });
    await project.commit("v1.0.0");
    const up = sandbox.faults.add({
      door: "sigstore",
      method: "POST",
      path: /log\/entries/,
      when: "before",
      times: Infinity,
      act: { status: 503, body: { message: "log is full" } },
    });
    const run = await project.up();
    up();
    expect(run.exitCode).not.toBe(0);
    for (const part of ["what it means:", "how to fix it:", "safe to re-run:  yes"]) {
      expect(run.output).toContain(part);
    }
    expect(await imageTags(sandbox, project.fullName)).not.toContain("1.0.0");
    expect(await releases(sandbox, project.fullName)).toEqual([]);
    await sandbox.github.packages.set(project.fullName, { repository: null });
    // What GitHub's attestations API refuses is left out, with its words, and shows in no later run.
    const words = "Resource not accessible by integration";
    sandbox.faults.add({
      door: "github",
      method: "POST",
      path: /\/attestations$/,
      when: "before",
      act: { status: 403, body: { message: words } },
    });
    const again = await project.release();
    expect(again.exitCode, again.output).toBe(0);
    expect(again.output).toMatch(new RegExp(`left out +down at GitHub's attestations API: ${words}`));
    expect(again.output).toMatch(
      new RegExp(`warning: not posted to GitHub's attestations of ${project.fullName}: ${words}`),
    );
    const mark = sandbox.journal.mark();
    expect(changes((await project.preview()).operations)).toEqual([]);
    expect(sandbox.journal.writes(mark)).toEqual([]);
    const [digest = ""] = Object.values((await published(sandbox, project, "1.0.0")).manifests);
    const accepted = await cosign([...signature, `${sandbox.addresses.registry}/${project.fullName}@sha256:${digest}`]);
    expect(accepted.exitCode, accepted.all).toBe(0);
    // One line for each signature that verifies: none was made twice.
    expect(accepted.all.split("\n").filter((line) => line.startsWith("{")).length).toBe(1);
    // What the summary says works as it stands, and it names what no API can do.
    expect(again.output).toContain(
      `left to do by hand: ${sandbox.addresses.registry}/${project.fullName} is linked to no repository`,
    );
    const folder = await readerFolder(sandbox, project.fullName, "v1.0.0");
    const commands = again.output.split("\n").filter((line) => /^ {4}(cosign|paste|sha256sum) /.test(line));
    expect(commands.length).toBe(9);
    for (const command of commands) {
      const { exitCode, output } = await folder.paste(command);
      expect(exitCode, output).toBe(0);
    }
    await folder.forget();
  });
});
