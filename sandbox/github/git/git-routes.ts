import { ApiError, fieldsOf, notFound } from "../api/api-error.ts";
import { page } from "../api/call.ts";
import type { RepositoryCall, Route } from "../api/call.ts";
import { commitPayload, gitCommitPayload, referencePayload, tagPayload } from "./git-payload.ts";
import { instant } from "../store/git-repository.ts";
import { loginOf } from "../api/call.ts";
import { isForbidden } from "../rulesets/rules-enforcement.ts";
import type { ReferenceChange } from "../rulesets/rules-enforcement.ts";

const repositoryPath = "/repos/{owner}/{repo}";

/** Commits, references and tag objects (https://docs.github.com/rest/git, https://docs.github.com/rest/commits). */
export const gitRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${repositoryPath}/commits`,
    access: "read",
    async run(call) {
      const { repository, fullName, links, query } = call;
      await refuseEmpty(call);
      const wish = query.get("sha") ?? repository.record.defaultBranch;
      const from = await repository.git.resolveCommit(wish);
      if (from === undefined) {
        throw notFound();
      }
      const path = query.get("path");
      const size = Math.min(Number(query.get("per_page") ?? 30) || 30, 100);
      const number = Number(query.get("page") ?? 1) || 1;
      const options = { skip: 0, count: number * size + 1, ...(path === null ? {} : { path }) };
      // One more than the page: enough for `page` to know that there is a next one.
      const { items, headers } = page(await repository.git.log(from, options), call);
      return { status: 200, json: items.map((commit) => commitPayload(commit, fullName, links)), headers };
    },
  },
  {
    method: "GET",
    path: `${repositoryPath}/commits/{ref}`,
    access: "read",
    async run(call) {
      const { repository, fullName, links, params } = call;
      await refuseEmpty(call);
      const sha = await repository.git.resolveCommit(params["ref"] ?? "");
      const commit = sha === undefined ? undefined : await repository.git.commit(sha);
      if (commit === undefined) {
        throw new ApiError(422, `No commit found for SHA: ${params["ref"] ?? ""}`);
      }
      return { status: 200, json: commitPayload(commit, fullName, links) };
    },
  },
  {
    method: "GET",
    path: `${repositoryPath}/git/commits/{commit_sha}`,
    access: "read",
    async run(call) {
      await refuseEmpty(call);
      const commit = await call.repository.git.commit(fullSha(call.params["commit_sha"]) ?? "-");
      if (commit === undefined) {
        throw notFound();
      }
      return { status: 200, json: gitCommitPayload(commit, call.fullName, call.links) };
    },
  },
  {
    method: "GET",
    path: `${repositoryPath}/git/ref/{ref}`,
    access: "read",
    async run(call) {
      await refuseEmpty(call);
      const reference = await call.repository.git.reference(`refs/${call.params["ref"] ?? ""}`);
      if (reference === undefined) {
        throw notFound();
      }
      return { status: 200, json: referencePayload(reference, call.fullName, call.links) };
    },
  },
  {
    method: "GET",
    path: `${repositoryPath}/git/matching-refs/{ref}`,
    access: "read",
    async run(call) {
      await refuseEmpty(call);
      const found = await call.repository.git.references(`refs/${call.params["ref"] ?? ""}`);
      return { status: 200, json: found.map((reference) => referencePayload(reference, call.fullName, call.links)) };
    },
  },
  {
    method: "POST",
    path: `${repositoryPath}/git/refs`,
    access: "write",
    async run(call) {
      const { repository, fullName, links } = call;
      await refuseEmpty(call);
      const fields = fieldsOf(call.body);
      const name = fields.required("ref");
      const sha = fields.required("sha");
      if (!/^refs\/[^/]+\/./.test(name) || !(await repository.git.isValidName(name))) {
        throw new ApiError(422, `${name} is not a valid ref name.`);
      }
      const type = await objectType(call, sha);
      if ((await repository.git.reference(name)) === undefined) {
        refuseForbidden(call, { name, kind: "creation" });
      }
      if (!(await repository.git.createReference(name, sha))) {
        throw new ApiError(422, "Reference already exists");
      }
      const json = referencePayload({ name, sha, type }, fullName, links);
      return { status: 201, json, headers: { location: String(json["url"]) } };
    },
  },
  {
    method: "PATCH",
    path: `${repositoryPath}/git/refs/{ref}`,
    access: "write",
    async run(call) {
      const { repository, fullName, links } = call;
      await refuseEmpty(call);
      const fields = fieldsOf(call.body);
      const sha = fields.required("sha");
      const force = fields.flag("force") ?? false;
      const reference = await repository.git.reference(`refs/${call.params["ref"] ?? ""}`);
      if (reference === undefined) {
        throw new ApiError(422, "Reference does not exist");
      }
      const type = await objectType(call, sha);
      const forced = !(await repository.git.isAncestor(reference.sha, sha));
      if (forced && !force) {
        throw new ApiError(422, "Update is not a fast forward");
      }
      refuseForbidden(call, { name: reference.name, kind: "update", forced });
      if (!(await repository.git.moveReference(reference.name, sha, reference.sha))) {
        throw new ApiError(422, "Reference update failed");
      }
      return { status: 200, json: referencePayload({ name: reference.name, sha, type }, fullName, links) };
    },
  },
  {
    method: "DELETE",
    path: `${repositoryPath}/git/refs/{ref}`,
    access: "write",
    async run(call) {
      await refuseEmpty(call);
      const reference = await call.repository.git.reference(`refs/${call.params["ref"] ?? ""}`);
      if (reference === undefined) {
        throw new ApiError(422, "Reference does not exist");
      }
      refuseForbidden(call, { name: reference.name, kind: "deletion" });
      await call.repository.git.deleteReference(reference.name);
      return { status: 204 };
    },
  },
  {
    method: "POST",
    path: `${repositoryPath}/git/tags`,
    access: "write",
    async run(call) {
      const { repository, fullName, links } = call;
      await refuseEmpty(call);
      const fields = fieldsOf(call.body);
      const tag = fields.required("tag");
      const message = fields.required("message");
      const object = { sha: fields.required("object"), type: fields.required("type") };
      if ((await objectType(call, object.sha)) !== object.type) {
        throw new ApiError(422, `Object ${object.sha} is not a ${object.type}`);
      }
      const given = fields.object("tagger");
      const seconds = Date.parse(given?.text("date") ?? new Date().toISOString()) / 1000;
      const tagger = {
        name: given?.required("name") ?? loginOf(call),
        email: given?.required("email") ?? `${loginOf(call)}@users.noreply.github.com`,
        date: instant(Math.floor(seconds)),
      };
      const sha = await repository.git.writeTag({ tag, object, tagger, message });
      const json = tagPayload({ sha, tag, object, tagger, message }, fullName, links);
      return { status: 201, json, headers: { location: String(json["url"]) } };
    },
  },
  {
    method: "GET",
    path: `${repositoryPath}/git/tags/{tag_sha}`,
    access: "read",
    async run(call) {
      await refuseEmpty(call);
      const tag = await call.repository.git.tag(fullSha(call.params["tag_sha"]) ?? "-");
      if (tag === undefined) {
        throw notFound();
      }
      return { status: 200, json: tagPayload(tag, call.fullName, call.links) };
    },
  },
];

async function refuseEmpty({ repository }: RepositoryCall): Promise<void> {
  if (await repository.git.isEmpty()) {
    throw new ApiError(409, "Git Repository is empty.");
  }
}

/** GitHub does not say which rule it was (https://github.com/release-plz/action/issues/518). */
function refuseForbidden(call: RepositoryCall, change: ReferenceChange): void {
  if (isForbidden(call, change)) {
    throw new ApiError(422, "Reference update failed");
  }
}

async function objectType({ repository }: RepositoryCall, sha: string): Promise<string> {
  const full = fullSha(sha);
  if (full === undefined) {
    throw new ApiError(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].");
  }
  const type = await repository.git.typeOf(full);
  if (type === undefined) {
    throw new ApiError(422, "Object does not exist");
  }
  return type;
}

function fullSha(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{40}$/.test(text) ? text : undefined;
}
