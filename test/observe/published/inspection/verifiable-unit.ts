import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { onTestFinished, vi } from "vitest";
import { stringify } from "yaml";
import { attachBundle } from "../../../clients/registry/attached-bundle.ts";
import { signStatement } from "../../../../clients/sigstore/signing.ts";
import { verify } from "../../../../commands/verify.ts";
import {
  makeAttestationStatement,
  provenance,
  provenancePredicate,
  signaturePredicate,
  makeSignatureStatement,
} from "../../../../formats/signing/statement.ts";
import { notes } from "../../../../plan/notes/notes.ts";
import type { SigningSandbox } from "../../../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../../../providers/host/engine-host.ts";
import { releasableUnit } from "../../../providers/release/releasable-unit.ts";
import type { Inputs, ReleasableUnit, ReleaseJson } from "../../../providers/release/releasable-unit.ts";

/** What `verify` said. */
export interface Verified {
  exitCode: number;
  output: string;
}

/** A unit whose Releases were published by the providers, and hands that change what is published until the test ends. */
export interface VerifiableUnit {
  unit: ReleasableUnit;
  /** Publishes a version as a run would, without an engine. */
  publish(version: string, changes?: Partial<Inputs>): Promise<void>;
  /** Runs the command with the unit's configuration, in which some keys are others. */
  verify(args: readonly string[], changes?: Record<string, unknown>): Promise<Verified>;
  /** The text of an asset. */
  text(name: string, version?: string): Promise<string>;
  /** Puts a text in place of an asset of 1.2.0; undefined removes it. */
  put(name: string, text: string | undefined): Promise<void>;
  /** Changes the body of 1.2.0. */
  edit(change: (body: string) => string): Promise<void>;
}

/** Makes a unit that no other test has, with 1.2.0 published: an image and two files. */
export async function verifiableUnit(signing: SigningSandbox, signed: boolean): Promise<VerifiableUnit> {
  const unit = await releasableUnit(signing.world);
  const sigstore = signing.instance();
  const policy = signed ? signing.identity() : "off";
  const config = {
    name: "app",
    images: [{ name: "app", repository: unit.inputs.artifacts["app"]?.repository }],
    assets: [{ path: "files/app.txt" }, { glob: "deploy/**/*.yaml" }],
    // The sandbox's runs are of acme/widgets, and this repository is another in each test.
    signing: policy === "off" ? policy : { ...policy, repository: "acme/widgets" },
  };
  const release = async (version = "1.2.0"): Promise<ReleaseJson> =>
    (await unit.releases()).find(({ tag_name }) => tag_name === `v${version}`) as ReleaseJson;
  const put = async (name: string, text: string | undefined): Promise<void> => {
    const now = await release();
    const old = now.assets.find((each) => each.name === name);
    if (old) {
      await unit.api.delete(`${unit.path}/assets/${old.id}`);
    }
    if (text !== undefined) {
      await unit.attach(now, name, text);
    }
  };
  const setBody = async (body: string): Promise<void> => {
    await unit.api.patch(`${unit.path}/${(await release()).id}`, { body });
  };
  const self: VerifiableUnit = {
    unit,
    async publish(version, changes = {}) {
      const inputs = await unit.version(version, { signing: policy, ...(signed ? { sigstore } : {}), ...changes });
      for (const artifact of signed ? Object.values(inputs.artifacts) : []) {
        artifact.attestations = [provenancePredicate];
        await prove(signing, artifact, inputs.revision);
      }
      const { revision, repository, assets } = inputs;
      const body = notes({
        text: "## Fixed\n\n- it",
        artifacts: Object.entries(inputs.artifacts).map(([name, artifact]) => ({
          ...artifact,
          name,
          ociRepository: artifact.repository,
          sbom: false,
        })),
        version,
        assets: assets.map(({ name }) => ({ name })),
        revision,
        repository,
        signing: policy,
        trustedRoot: signed ? "deploy/root.json" : undefined,
      });
      await engineHost("github-release").create({ ...inputs, notes: body });
    },
    async verify(args, changes = {}) {
      const file = join(unit.folder, "Pulumi.prod.yaml");
      const keys = {
        "lockstep:repository": unit.repository.fullName,
        "lockstep:units": [{ ...config, ...changes }],
        "lockstep:sigstore": { trustedRoot: relative(process.cwd(), sigstore.trustedRoot) },
      };
      await writeFile(file, stringify({ config: keys }));
      return said(() => verify([...args, "--config-file", file]));
    },
    async text(name, version) {
      const asset = (await release(version)).assets.find((each) => each.name === name);
      return (await fetch(asset?.url ?? "", { headers: { accept: "application/octet-stream" } })).text();
    },
    async put(name, text) {
      const there = (await release()).assets.some((each) => each.name === name);
      const old = there ? await self.text(name) : undefined;
      onTestFinished(() => put(name, old));
      await put(name, text);
    },
    async edit(change) {
      const { body } = await release();
      onTestFinished(() => setBody(body));
      await setBody(change(body));
    },
  };
  await self.publish("1.2.0");
  return self;
}

/** Signs an artifact and attests its provenance, as the release workflow. */
async function prove(
  signing: SigningSandbox,
  { repository, digest, buildInputs }: Inputs["artifacts"][string],
  revision: string,
): Promise<void> {
  const predicate = provenance({ revision, buildInputs }, "builder", "source", {});
  const statements = [
    [makeSignatureStatement(digest), signaturePredicate],
    [makeAttestationStatement(repository, digest, provenancePredicate, predicate), provenancePredicate],
  ] as const;
  for (const [statement, type] of statements) {
    await attachBundle(repository, digest, await signStatement(statement, signing.instance()), type);
  }
}

/** Runs a command that takes tokens and logins out of the environment of its process, and puts them back. */
async function said(command: () => Promise<number>): Promise<Verified> {
  const taken = ["GITHUB_TOKEN", "GH_TOKEN", "DOCKER_CONFIG"];
  const before = { ...process.env };
  let output = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    output += String(chunk);
    return true;
  });
  try {
    return { exitCode: await command(), output };
  } finally {
    write.mockRestore();
    // Not `process.env = before`: other files of this worker read the real one.
    for (const name of taken) {
      if (before[name] !== undefined) {
        process.env[name] = before[name];
      }
    }
    if (before["DOCKER_CONFIG"] === undefined) {
      delete process.env["DOCKER_CONFIG"];
    }
  }
}
