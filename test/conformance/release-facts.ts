import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signaturePredicate } from "../../formats/signing/statement.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { workflow } from "../clients/sigstore/signing-sandbox.ts";
import type { TrustedServices } from "../clients/sigstore/signing-sandbox.ts";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";
import { deleteReferrers, published, releaseOf } from "../support/published.ts";

const checkout = new URL("../..", import.meta.url).pathname;

/** A release that was made. */
export interface Released {
  sandbox: Sandbox;
  services: TrustedServices;
  project: Project;
}

/**
 * What must hold of one whole release over Rekor 2, made by the real engine and judged by cosign and `npm run verify`, whatever Sigstore
 * signs: the sandbox's double in the normal run, the real servers in the conformance run.
 * @param more adds facts about the same release before anything of it is broken; the release is there within tests only
 */
export function releaseFacts(
  open: (sandbox: Sandbox) => Promise<TrustedServices>,
  more?: (released: () => Released) => void,
): void {
  let sandbox: Sandbox;
  let services: TrustedServices;
  const ends: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const end of ends.toReversed()) {
      await end();
    }
  });

  describe("when a unit is released with Rekor 2", () => {
    let project: Project;
    let index: string;
    let platforms: string[];
    beforeAll(async () => {
      const started = await temporarySandbox({ builder: true });
      ends.push(started.forget);
      ({ sandbox } = started);
      services = await open(sandbox);
      ends.push(services.close);
      const ref = "refs/tags/v1.0.0";
      sandbox.sigstore.identity.set({ repository: "acme/tiled", ref, job_workflow_ref: `${workflow}@${ref}` });
      project = await makeProject(sandbox, "tiled");
      await project.configure({
        repository: project.fullName,
        version: "1.0.0",
        image: { repository: `${sandbox.addresses.registry}/${project.fullName}`, sbom: "sbom.spdx.json" },
        assets: [{ path: "deploy/install.yaml" }],
        signing: { issuer: sandbox.sigstore.issuer, workflow },
        sigstore: {
          trustedRoot: relative(project.folder, services.trustedRoot),
          signingConfig: relative(project.folder, services.signingConfigs[2] ?? ""),
        },
      });
      await project.commit("v1.0.0");
      const run = await project.up();
      expect(run.exitCode, run.output).toBe(0);
      [index = "", ...platforms] = Object.values((await published(sandbox, project, "1.0.0")).manifests);
    });

    const reference = (hex: string): string => `${sandbox.addresses.registry}/${project.fullName}@sha256:${hex}`;
    const cosign = async (command: string[], expected: { workflow?: string; issuer?: string } = {}) => {
      const { workflow: file = workflow, issuer = sandbox.sigstore.issuer } = expected;
      const signer = ["--certificate-identity", `https://github.com/${file}@refs/tags/v1.0.0`];
      const trust = ["--trusted-root", services.trustedRoot, ...signer, "--certificate-oidc-issuer", issuer];
      const [verb = "", ...rest] = command;
      return execa("cosign", [verb, ...trust, ...rest], { env: sandbox.environment, all: true, reject: false });
    };
    const signature = ["verify-attestation", "--type", signaturePredicate];
    const verify = () =>
      execa("node", ["commands/main.ts", "verify", "tiled@1.0.0", "--config-file", `${project.stateFolder}.yaml`], {
        cwd: checkout,
        env: project.environment,
        all: true,
        reject: false,
      });
    /** Downloads an asset into a folder of its own with its bundle; returns the path. */
    const downloaded = async (name: string): Promise<string> => {
      const folder = join(sandbox.folder, "downloaded", name);
      await mkdir(folder, { recursive: true });
      const address = `${sandbox.addresses.web}/${project.fullName}/releases/download/v1.0.0`;
      for (const file of [name, `${name}.sigstore.json`]) {
        await writeFile(join(folder, file), Buffer.from(await (await fetch(`${address}/${file}`)).arrayBuffer()));
      }
      return join(folder, name);
    };

    it("has signatures on the index and each platform's manifest, provenance and an SBOM, all accepted by cosign", async () => {
      expect(platforms.length).toBe(2);
      const commands = [index, ...platforms].map((hex) => [...signature, reference(hex)]);
      for (const type of ["slsaprovenance1", "spdxjson"]) {
        commands.push(["verify-attestation", "--type", type, reference(index)]);
      }
      for (const command of commands) {
        const accepted = await cosign(command);
        expect(accepted.exitCode, accepted.all).toBe(0);
      }
    });

    it("is refused by cosign under another identity or another issuer", async () => {
      for (const expected of [{ workflow: workflow.replace("acme", "evil") }, { issuer: "https://issuer.invalid" }]) {
        expect((await cosign([...signature, reference(index)], expected)).exitCode).not.toBe(0);
      }
    });

    it("has a bundle for each signed file that cosign accepts, and not with other bytes", async () => {
      const names = (await releaseOf(sandbox, project.fullName, "v1.0.0")).assets.map(({ name }) => name);
      const signed = names.flatMap((name) => /^(.*)\.sigstore\.json$/.exec(name)?.[1] ?? []);
      expect(signed).toEqual(expect.arrayContaining(["checksums.txt", "lockstep.release.json"]));
      for (const name of signed) {
        const file = await downloaded(name);
        const blob = ["verify-blob", "--bundle", `${file}.sigstore.json`, file];
        const accepted = await cosign(blob);
        expect(accepted.exitCode, accepted.all).toBe(0);
        await appendFile(file, " ");
        expect((await cosign(blob)).exitCode).not.toBe(0);
      }
    });

    it("is in the log of Rekor 2", async () => {
      const address = `${sandbox.addresses.web}/${project.fullName}/releases/download/v1.0.0/checksums.txt.sigstore.json`;
      const bundle = (await (await fetch(address)).json()) as {
        verificationMaterial: { tlogEntries: { kindVersion: object }[] };
      };
      const [entry] = bundle.verificationMaterial.tlogEntries;
      expect(entry?.kindVersion).toEqual({ kind: "hashedrekord", version: "0.0.2" });
    });

    it("keeps every promise, says `npm run verify`", async () => {
      const found = await verify();
      expect(found.all).toMatch(/tiled 1\.0\.0: all \d+ promises are kept/);
      expect(found.exitCode).toBe(0);
    });

    more?.(() => ({ sandbox, services, project }));

    it("is found broken by `npm run verify` where a signature was removed", async () => {
      await deleteReferrers(sandbox, project.fullName, `sha256:${index}`);
      const found = await verify();
      expect([found.exitCode, found.all]).toEqual([1, expect.stringContaining("BROKEN")]);
    });
  });
}
