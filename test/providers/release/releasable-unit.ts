import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReleaseInputs } from "../../../providers/release/release-inputs.ts";
import type { ConnectedSandbox, TestRepository } from "../../clients/connected-sandbox.ts";
import { githubClient } from "../../sandbox/github-client.ts";
import { registryClient } from "../../sandbox/registry-client.ts";

/** A Release as the API's JSON. */
export interface ReleaseJson {
  id: number;
  tag_name: string;
  name: string;
  body: string;
  draft: boolean;
  prerelease: boolean;
  html_url: string;
  upload_url: string;
  assets: { id: number; name: string; size: number; state: string; digest: string | null; url: string }[];
}

/** The inputs of a GitHubRelease as the graph gives them. */
export type Inputs = ReleaseInputs & Record<string, unknown>;

/** hex sha256 of bytes. */
export const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** A unit of which all but the Release is done: image under its version tag, git tag, two files. */
export interface ReleasableUnit {
  repository: TestRepository;
  /** The files' folder. */
  folder: string;
  inputs: Inputs;
  /** The inputs of another version of the unit at the same commit, its tags made too. */
  version(version: string, changes?: Partial<Inputs>): Promise<Inputs>;
  /** All Releases, drafts too, newest first. */
  releases(): Promise<ReleaseJson[]>;
  /** What anybody sees. */
  publicReleases(): Promise<ReleaseJson[]>;
  /** Tag of what GitHub calls the latest; undefined for none. */
  latest(): Promise<string | undefined>;
  api: ReturnType<typeof githubClient>;
  /** `/repos/owner/name/releases`. */
  path: string;
  /** Makes a draft by hand. */
  draft(body: string, changes?: object): Promise<ReleaseJson>;
  /** Attaches a file to a Release by hand. */
  attach(release: ReleaseJson, name: string, text: string): Promise<void>;
  /** Begins to attach a file, as another run does: until `finish` is called, it is a `starter`. */
  beginUpload(release: ReleaseJson, name: string, text: string): Promise<BegunUpload>;
}

/** An upload in progress. */
export interface BegunUpload {
  /** Id of the asset. */
  id: number;
  /** Sends the rest; resolves to the status of the answer. */
  finish(): Promise<number>;
}

/** Names of the files, and of what Lockstep adds. */
export const assetNames = ["app.txt", "checksums.txt", "install.yaml", "lockstep.release.json"];

/** The first line of a body of ours. */
export const mark = (version = "1.2.0"): string => `<!-- lockstep:begin app@${version} -->`;

/** Makes a unit that no other test has; its files go with the sandbox. */
export async function releasableUnit(world: ConnectedSandbox): Promise<ReleasableUnit> {
  const { sandbox } = world;
  const [repository, image] = [await world.repository(), world.image()];
  const folder = join(sandbox.folder, "files", repository.repo);
  await mkdir(folder, { recursive: true });
  const assets = await Promise.all(
    [
      ["app.txt", "the app\n"],
      ["install.yaml", "kind: Namespace\n"],
    ].map(async ([name = "", text = ""]) => {
      const path = join(folder, name);
      await writeFile(path, text);
      return { name, path, sha256: sha256(text), size: Buffer.byteLength(text) };
    }),
  );
  const api = githubClient(sandbox);
  const path = `/repos/${repository.fullName}/releases`;
  const version: ReleasableUnit["version"] = async (number, changes = {}) => {
    const digest = await registryClient(sandbox).pushImage(image.name, number, `the app ${number}`);
    const tag = `v${number}`;
    // As `git tag` would, without a process.
    await mkdir(join(repository.gitDir, "refs", "tags"), { recursive: true });
    await writeFile(join(repository.gitDir, "refs", "tags", tag), `${repository.commits[2]}\n`);
    return {
      repository: repository.fullName,
      unit: "app",
      version: number,
      tag,
      tagPattern: "v{version}",
      revision: repository.commits[2],
      title: `App ${number}`,
      notes: "New: everything.\n\nImage: `{{digest:app}}`",
      prerelease: number.includes("-"),
      latest: !number.includes("-"),
      assets,
      artifacts: {
        app: {
          kind: "image",
          repository: image.repository,
          tag: number,
          digest: digest as `sha256:${string}`,
          buildInputs: sha256("inputs"),
        },
      },
      signing: "off",
      sigstore: {},
      complete: true,
      ...changes,
    };
  };
  return {
    repository,
    folder,
    inputs: await version("1.2.0"),
    version,
    releases: async () => (await api.get(path)).body as unknown as ReleaseJson[],
    publicReleases: async () => (await api.get(path, { token: "" })).body as unknown as ReleaseJson[],
    latest: async () => ((await api.get(`${path}/latest`)).body as Partial<ReleaseJson>).tag_name,
    api,
    path,
    async draft(body, changes = {}) {
      const answer = await api.post(path, { tag_name: "v1.2.0", name: "by hand", body, draft: true, ...changes });
      return answer.body as unknown as ReleaseJson;
    },
    async attach(release, name, text) {
      await api.upload({ ...release }, name, text);
    },
    async beginUpload(release, name, text) {
      const bytes = Buffer.from(text);
      let body: ReadableStreamDefaultController<Uint8Array> | undefined;
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          body = controller;
          controller.enqueue(bytes.subarray(0, 1));
        },
      });
      const headers = { "content-length": String(bytes.length) };
      const answer = api.upload({ ...release }, name, stream, { duplex: "half", headers } as RequestInit);
      answer.catch(() => undefined);
      const find = async (): Promise<number> => {
        const there = (await api.get(`${path}/${release.id}/assets`)).body as unknown as ReleaseJson["assets"];
        return there.find((asset) => asset.name === name)?.id ?? (await find());
      };
      return {
        id: await find(),
        async finish() {
          body?.enqueue(bytes.subarray(1));
          body?.close();
          return (await answer).status;
        },
      };
    },
  };
}

/** What a whole Release of the unit looks like from outside, for toEqual. */
export function whole(releases: readonly ReleaseJson[]): { published: number; drafts: number; assets: string[] } {
  const published = releases.filter(({ draft }) => !draft);
  return {
    published: published.length,
    drafts: releases.length - published.length,
    assets: (published[0]?.assets ?? [])
      .map(({ name, state }) => (state === "uploaded" ? name : `${name} (${state})`))
      .toSorted(),
  };
}

/** The one outcome: one published Release with every asset, no draft. */
export const wholeOutcome = { published: 1, drafts: 0, assets: assetNames };
