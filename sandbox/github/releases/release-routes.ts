import { createHash } from "node:crypto";
import { ApiError, fieldsOf, notFound, validationFailed } from "../api/api-error.ts";
import type { FieldError, Fields } from "../api/api-error.ts";
import { loginOf, page } from "../api/call.ts";
import type { RepositoryCall, Route } from "../api/call.ts";
import { instant } from "../store/git-repository.ts";
import { burnTag, isImmutable, refuseForbiddenTag, refuseFrozen } from "./immutable-release.ts";
import { applyMakeLatest, latestRelease, makeLatestChoices } from "./latest-release.ts";
import type { MakeLatest } from "./latest-release.ts";
import { releasePayload } from "./release-payload.ts";
import type { ReleaseRecord } from "../store/store.ts";

const releasesPath = "/repos/{owner}/{repo}/releases";

/** GitHub's limit of a release's notes, in characters. */
const longestBody = 125_000;

/** Releases (https://docs.github.com/rest/releases/releases). */
export const releaseRoutes: readonly Route[] = [
  {
    method: "GET",
    path: releasesPath,
    access: "read",
    async run(call) {
      const { repository, account, links } = call;
      const visible = repository.releases.filter(({ draft }) => !draft || account?.push === true);
      const { items, headers } = page(visible.toReversed(), call);
      return { status: 200, json: items.map((release) => releasePayload(release, repository.record, links)), headers };
    },
  },
  {
    method: "POST",
    path: releasesPath,
    access: "write",
    run: (call) => call.repository.exclusively(() => create(call)),
  },
  {
    method: "GET",
    path: `${releasesPath}/latest`,
    access: "read",
    run: async (call) => reply(call, latestRelease(call.repository)),
  },
  {
    method: "GET",
    path: `${releasesPath}/tags/{tag}`,
    access: "read",
    async run(call) {
      // For this operation, a draft has no tag yet.
      const found = call.repository.releases.find(({ draft, tag }) => !draft && tag === call.params["tag"]);
      return reply(call, found);
    },
  },
  {
    method: "GET",
    path: `${releasesPath}/{release_id}`,
    access: "read",
    async run(call) {
      const release = findRelease(call);
      return reply(call, release.draft && call.account?.push !== true ? undefined : release);
    },
  },
  {
    method: "PATCH",
    path: `${releasesPath}/{release_id}`,
    access: "write",
    run: (call) => call.repository.exclusively(() => update(call)),
  },
  {
    method: "DELETE",
    path: `${releasesPath}/{release_id}`,
    access: "write",
    async run(call) {
      const { repository } = call;
      await repository.exclusively(async () => {
        const release = findRelease(call);
        await repository.removeRelease(release);
        await burnTag(call, release);
      });
      return { status: 204 };
    },
  },
];

/** The release of the path's `release_id`. */
export function findRelease({ repository, params }: RepositoryCall): ReleaseRecord {
  const found = repository.releases.find(({ id }) => id === Number(params["release_id"]));
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function reply({ repository, links }: RepositoryCall, release: ReleaseRecord | undefined) {
  if (release === undefined) {
    throw notFound();
  }
  return { status: 200, json: releasePayload(release, repository.record, links) };
}

async function create(call: RepositoryCall) {
  const { repository, links, store } = call;
  const fields = fieldsOf(call.body);
  const now = instant(Math.floor(Date.now() / 1000));
  const release: ReleaseRecord = {
    id: 0,
    tag: fields.required("tag_name"),
    target: fields.text("target_commitish") ?? repository.record.defaultBranch,
    name: fields.text("name") ?? null,
    body: fields.text("body") ?? null,
    draft: fields.flag("draft") ?? false,
    prerelease: fields.flag("prerelease") ?? false,
    createdAt: now,
    updatedAt: now,
    publishedAt: null,
    author: loginOf(call),
    untagged: "",
    latestCandidate: true,
    assets: [],
  };
  const word = makeLatest(fields);
  await check(call, release);
  release.id = await store.nextId();
  release.untagged = createHash("sha1").update(`untagged ${release.id}`).digest("hex").slice(0, 20);
  if (!release.draft) {
    await publish(call, release);
    applyMakeLatest(repository, release, word ?? "true");
  }
  await repository.saveRelease(release);
  repository.releases.push(release);
  await repository.saveRecord();
  const json = releasePayload(release, repository.record, links);
  return { status: 201, json, headers: { location: String(json["url"]) } };
}

async function update(call: RepositoryCall) {
  const { repository, links } = call;
  const release = findRelease(call);
  const fields = fieldsOf(call.body);
  const next: ReleaseRecord = {
    ...release,
    tag: fields.text("tag_name") ?? release.tag,
    target: fields.text("target_commitish") ?? release.target,
    name: fields.text("name") ?? release.name,
    body: fields.text("body") ?? release.body,
    draft: fields.flag("draft") ?? release.draft,
    prerelease: fields.flag("prerelease") ?? release.prerelease,
    updatedAt: instant(Math.floor(Date.now() / 1000)),
  };
  const word = makeLatest(fields);
  refuseFrozen(release, next);
  await check(call, next);
  const goesPublic = release.draft && !next.draft;
  if (goesPublic || (!next.draft && next.tag !== release.tag)) {
    await publish(call, next);
  }
  // An upload that ended meanwhile is in the record, but not in our copy of it.
  Object.assign(release, { ...next, assets: release.assets });
  if (word !== undefined) {
    applyMakeLatest(repository, release, word);
  } else if (goesPublic) {
    applyMakeLatest(repository, release, "true");
  }
  await repository.saveRelease(release);
  await repository.saveRecord();
  return { status: 200, json: releasePayload(release, repository.record, links) };
}

function makeLatest(fields: Fields): MakeLatest | undefined {
  return fields.choice("make_latest", makeLatestChoices);
}

/** Refuses what GitHub refuses for drafts and for published releases. */
async function check({ repository }: RepositoryCall, release: ReleaseRecord): Promise<void> {
  const errors: FieldError[] = [];
  if (release.tag === "") {
    errors.push({ resource: "Release", code: "missing_field", field: "tag_name" });
  } else if (!(await repository.git.isValidName(`refs/tags/${release.tag}`))) {
    errors.push({ resource: "Release", code: "custom", field: "tag_name", message: "tag_name is not well-formed" });
  }
  if ([...(release.body ?? "")].length > longestBody) {
    const message = `body is too long (maximum is ${longestBody} characters)`;
    errors.push({ resource: "Release", code: "custom", field: "body", message });
  }
  const twin = ({ id, draft, tag }: ReleaseRecord) => id !== release.id && !draft && tag === release.tag;
  if (!release.draft && repository.releases.some(twin)) {
    errors.push({ resource: "Release", code: "already_exists", field: "tag_name" });
  }
  if (errors.length > 0) {
    throw validationFailed(...errors);
  }
}

/** Publishes the release, and creates its tag if it does not exist: lightweight, at `target_commitish`. */
async function publish(call: RepositoryCall, release: ReleaseRecord): Promise<void> {
  const { repository, settings } = call;
  const { git } = repository;
  if (await git.isEmpty()) {
    throw new ApiError(422, "Repository is empty.");
  }
  const name = `refs/tags/${release.tag}`;
  const exists = (await git.reference(name)) !== undefined;
  refuseForbiddenTag(call, release.tag, exists);
  if (!exists) {
    const target = await git.resolveCommit(release.target);
    if (target === undefined) {
      throw validationFailed({ resource: "Release", code: "invalid", field: "target_commitish" });
    }
    await git.createReference(name, target);
  }
  const sha = await git.resolveCommit(name);
  const commit = sha === undefined ? undefined : await git.commit(sha);
  release.createdAt = commit?.committer.date ?? release.createdAt;
  release.immutable ??= release.publishedAt === null && isImmutable(settings, repository.record);
  release.publishedAt ??= release.updatedAt;
}
