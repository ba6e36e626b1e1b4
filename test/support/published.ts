import { createHash } from "node:crypto";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Project } from "./project.ts";

/** Everything that a stranger can see of one version, in a form that can be compared. */
export interface PublishedState {
  /** Digest under the version tag, and of every manifest below it. */
  manifests: Record<string, string>;
  /** Commit of the git tag. */
  gitTag: string;
  release: { name: string; body: string; prerelease: boolean; publishedAt: string };
  /** Name → sha256 of the bytes that are downloaded. */
  assets: Record<string, string>;
}

interface ReleaseAnswer {
  name: string;
  body: string;
  draft: boolean;
  prerelease: boolean;
  published_at: string;
  assets: { name: string; browser_download_url: string }[];
}

/**
 * Looks at a version from outside: anonymous, with no client of the product, every byte downloaded.
 * @param unit one of several: its image is `acme/UNIT`, its git tag `UNIT-vVERSION`. Default: the project's only one
 * @throws Error where something is not there
 */
export async function published(
  sandbox: Sandbox,
  project: Project,
  version: string,
  unit?: string,
): Promise<PublishedState> {
  const repository = project.fullName;
  const tag = unit === undefined ? `v${version}` : `${unit}-v${version}`;
  const release = (await json(`${sandbox.addresses.api}/repos/${repository}/releases/tags/${tag}`)) as ReleaseAnswer;
  const assets = await Promise.all(
    release.assets.map(
      async ({ name, browser_download_url }) => [name, sha256(await bytes(browser_download_url))] as const,
    ),
  );
  const ref = (await json(`${sandbox.addresses.api}/repos/${repository}/git/ref/tags/${tag}`)) as {
    object: { sha: string };
  };
  return {
    manifests: await manifests(sandbox, unit === undefined ? repository : `acme/${unit}`, version),
    gitTag: ref.object.sha,
    release: {
      name: release.name,
      body: release.body,
      prerelease: release.prerelease,
      publishedAt: release.published_at,
    },
    assets: Object.fromEntries(assets.toSorted()),
  };
}

/** Tags of an image's repository; empty where it has none. Asked with the sandbox's own token: anybody else cannot tell missing from private. */
export async function imageTags(sandbox: Sandbox, repository: string): Promise<string[]> {
  const own = Buffer.from(`maintainer:${sandbox.environment["GITHUB_TOKEN"]}`).toString("base64");
  const answer = await registry(sandbox, repository, "tags/list", { authorization: `Basic ${own}` });
  if (answer.status === 404) {
    return [];
  }
  return ((await answer.json()) as { tags: string[] | null }).tags ?? [];
}

/** Every Release of a repository that anybody may see, and with the token also its drafts. */
export async function releases(
  sandbox: Sandbox,
  fullName: string,
): Promise<{ tag_name: string; draft: boolean; assets: { name: string }[] }[]> {
  const answer = await fetch(`${sandbox.addresses.api}/repos/${fullName}/releases?per_page=100`, {
    headers: { authorization: `Bearer ${sandbox.environment["GITHUB_TOKEN"]}` },
  });
  return (await answer.json()) as { tag_name: string; draft: boolean; assets: { name: string }[] }[];
}

/** What the list of a digest's referrers names, by predicate type: the digests of what is attached. */
export async function attached(
  sandbox: Sandbox,
  repository: string,
  digest: string,
): Promise<Record<string, string[]>> {
  const answer = await registry(sandbox, repository, `manifests/${digest.replace(":", "-")}`);
  if (answer.status === 404) {
    return {};
  }
  const { manifests: listed } = (await answer.json()) as {
    manifests: { digest: string }[];
  };
  const byType: Record<string, string[]> = {};
  for (const { digest: referrer } of listed) {
    const { annotations } = (await (await manifest(sandbox, repository, referrer)).json()) as {
      annotations: Record<string, string>;
    };
    (byType[annotations["dev.sigstore.bundle.predicateType"] ?? ""] ??= []).push(referrer);
  }
  return byType;
}

/**
 * Empties the list of what is attached to a digest, as a careless clean-up of a registry without the referrers API does.
 * @param predicateType only what has this type. Default: everything
 * @returns puts the list back as it was
 */
export async function deleteReferrers(
  sandbox: Sandbox,
  repository: string,
  digest: string,
  predicateType?: string,
): Promise<() => Promise<void>> {
  const tag = digest.replace(":", "-");
  const list = (await (await manifest(sandbox, repository, tag)).json()) as {
    mediaType: string;
    manifests: { annotations: Record<string, string> }[];
  };
  const left = list.manifests.filter(
    ({ annotations }) =>
      predicateType !== undefined && annotations["dev.sigstore.bundle.predicateType"] !== predicateType,
  );
  await put(sandbox, repository, tag, list.mediaType, JSON.stringify({ ...list, manifests: left }));
  return () => put(sandbox, repository, tag, list.mediaType, JSON.stringify(list));
}

/** Puts a manifest that is there under a tag, as anybody may who may push. */
export async function moveTag(sandbox: Sandbox, repository: string, tag: string, digest: string): Promise<void> {
  const there = await manifest(sandbox, repository, digest);
  await put(sandbox, repository, tag, there.headers.get("content-type") ?? "", await there.text());
}

/** The published Release of a tag as the API gives it. */
export async function releaseOf(
  sandbox: Sandbox,
  fullName: string,
  tag: string,
): Promise<{ id: number; upload_url: string; assets: { id: number; name: string; browser_download_url: string }[] }> {
  return (await json(`${sandbox.addresses.api}/repos/${fullName}/releases/tags/${tag}`)) as Awaited<
    ReturnType<typeof releaseOf>
  >;
}

async function put(
  sandbox: Sandbox,
  repository: string,
  reference: string,
  mediaType: string,
  body: string,
): Promise<void> {
  const host = `http://${sandbox.addresses.registry}`;
  const login = Buffer.from(`maintainer:${sandbox.environment["GITHUB_TOKEN"]}`).toString("base64");
  const scope = encodeURIComponent(`repository:${repository}:pull,push`);
  const granted = await fetch(`${host}/token?scope=${scope}`, { headers: { authorization: `Basic ${login}` } });
  const { token } = (await granted.json()) as { token: string };
  const answer = await fetch(`${host}/v2/${repository}/manifests/${reference}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${token}`, "content-type": mediaType },
    body,
  });
  if (!answer.ok) {
    throw new Error(`${repository}: ${answer.status} ${await answer.text()}`);
  }
}

async function manifests(sandbox: Sandbox, repository: string, version: string): Promise<Record<string, string>> {
  const top = Buffer.from(await (await manifest(sandbox, repository, version)).arrayBuffer());
  const children = (JSON.parse(top.toString()) as { manifests: { digest: string }[] }).manifests;
  const below = await Promise.all(
    children.map(
      async ({ digest }) =>
        [digest, sha256(Buffer.from(await (await manifest(sandbox, repository, digest)).arrayBuffer()))] as const,
    ),
  );
  return { [version]: sha256(top), ...Object.fromEntries(below) };
}

async function manifest(sandbox: Sandbox, repository: string, reference: string): Promise<Response> {
  const answer = await registry(sandbox, repository, `manifests/${reference}`);
  if (!answer.ok) {
    throw new Error(`${repository}:${reference}: ${answer.status}`);
  }
  return answer;
}

async function registry(
  sandbox: Sandbox,
  repository: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const host = `http://${sandbox.addresses.registry}`;
  const scope = encodeURIComponent(`repository:${repository}:pull`);
  const { token } = (await json(`${host}/token?scope=${scope}`, headers)) as { token: string };
  const accept = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";
  return fetch(`${host}/v2/${repository}/${path}`, { headers: { accept, authorization: `Bearer ${token}` } });
}

async function json(address: string, headers: Record<string, string> = {}): Promise<unknown> {
  const answer = await fetch(address, { headers });
  if (!answer.ok) {
    throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
  }
  return answer.json();
}

async function bytes(address: string): Promise<Buffer> {
  const answer = await fetch(address);
  if (!answer.ok) {
    throw new Error(`${address}: ${answer.status}`);
  }
  return Buffer.from(await answer.arrayBuffer());
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
