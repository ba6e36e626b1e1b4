import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { afterAll, beforeAll, vi } from "vitest";
import { gitHub } from "../../../clients/github/github.ts";
import { uploadAsset } from "../../../clients/github/release/release-assets.ts";
import { retention } from "../../../commands/retention.ts";
import { writeRecord } from "../../../formats/release/release-record.ts";
import { signingSandbox } from "../../clients/sigstore/signing-sandbox.ts";
import { pushedPackage } from "../../support/pushed-package.ts";

const days = (count: number): number => Date.now() + count * 86_400_000;

/** A configuration with one image that no other test has, and what is pushed there. */
export interface RetentionProject {
  /** The image's repository, with its registry. */
  repository: string;
  /** The same, without it. */
  name: string;
  owner: string;
  repo: string;
  /** Path of the configuration. */
  file: string;
  package: ReturnType<typeof pushedPackage>;
}

/** A sandbox, and `npm run retention` in it. One for each file of tests. */
export function retentionWorld() {
  const signing = signingSandbox();
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "retention-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  return {
    signing,

    async project(config: Record<string, unknown> = {}): Promise<RetentionProject> {
      const image = signing.world.image();
      const { fullName, owner, repo } = await signing.world.repository();
      const file = join(folder, `${repo}.yaml`);
      const keys = {
        repository: fullName,
        image: image.repository,
        signing: "off",
        packages: { registry: signing.sandbox.addresses.registry },
        ...config,
      };
      const named = Object.entries(keys).map(([key, value]) => [`lockstep:${key}`, value] as const);
      await writeFile(file, stringify({ config: Object.fromEntries(named) }));
      return { ...image, owner, repo, file, package: pushedPackage(signing, image) };
    },

    /** Runs the command some days from now, so that what was pushed is old. */
    async run(file: string, ...args: string[]): Promise<{ exitCode: number; output: string }> {
      let output = "";
      const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
        output += String(text);
        return true;
      });
      try {
        return { exitCode: await retention(["--config-file", file, ...args], days(10)), output };
      } finally {
        write.mockRestore();
      }
    },

    /** A published Release whose record names a digest. */
    async publish({ owner, repo, repository }: RetentionProject, digest: string): Promise<void> {
      const at = { owner, repo, tag_name: "v1.0.0", target_commitish: "main" };
      const { data } = await gitHub().rest.repos.createRelease({ ...at, draft: true });
      const hex = "a".repeat(64);
      const text = writeRecord({
        unit: "app",
        version: "1.0.0",
        revision: "b".repeat(40),
        gitTag: "v1.0.0",
        artifacts: { app: { kind: "image", repository, tag: "1.0.0", digest, buildInputs: hex } },
        assets: {},
        policy: { signing: "off" },
      });
      const content = { name: "lockstep.release.json", size: Buffer.byteLength(text), source: { text } };
      await uploadAsset(data, content, () => {});
      await gitHub().rest.repos.updateRelease({ owner, repo, release_id: data.id, draft: false });
    },

    /** Paths of the deletions that GitHub was asked for. */
    deletes: (since: number): string[] =>
      signing.sandbox.journal.writes(since, { door: "github", method: "DELETE" }).map(({ path }) => path),
  };
}
