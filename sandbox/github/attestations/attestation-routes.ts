import { ApiError, notFound } from "../api/api-error.ts";
import { attestedSubjects } from "./attestation-bundle.ts";
import { bundleAddress } from "./attestation-download.ts";
import { attestationsOf } from "./attestation-store.ts";
import type { AttestationRecord } from "./attestation-store.ts";
import { demand } from "../api/authorization.ts";
import type { Call, Reply, RepositoryCall, Route } from "../api/call.ts";
import type { Repository } from "../store/store.ts";
import type { Needs } from "../api/token.ts";

const attestationsPath = "/repos/{owner}/{repo}/attestations";
const mayRead: Needs = { permissions: "attestations=read", scopes: ["repo"], role: "read" };
const mayWrite: Needs = { permissions: "attestations=write", scopes: ["public_repo"], role: "write" };

/**
 * Attestations (https://docs.github.com/rest/repos/attestations). A bundle that is posted twice is stored twice: whether
 * GitHub joins equal bundles is not known.
 */
export const attestationRoutes: readonly Route[] = [
  {
    method: "POST",
    path: attestationsPath,
    access: "write",
    needs: mayWrite,
    run: (call) => call.repository.exclusively(() => create(call)),
  },
  { method: "GET", path: `${attestationsPath}/{subject_digest}`, access: "read", run: list },
  ...["/orgs/{org}", "/users/{username}"].flatMap((owner): Route[] => [
    {
      method: "DELETE",
      path: `${owner}/attestations/digest/{subject_digest}`,
      access: "anyone",
      needs: mayWrite,
      run: (call) => remove(call, ({ digests }) => digests.includes(call.params["subject_digest"] ?? "")),
    },
    {
      method: "DELETE",
      path: `${owner}/attestations/{attestation_id}`,
      access: "anyone",
      needs: mayWrite,
      run: (call) => remove(call, ({ id }) => id === Number(call.params["attestation_id"])),
    },
  ]),
];

async function create({ repository, fullName, body, store }: RepositoryCall): Promise<Reply> {
  if (repository.record.private) {
    // The words are GitHub's; the status is not known (https://github.com/github/docs/issues/35835).
    throw new ApiError(
      403,
      "Feature not available for user-owned private repositories. To enable this feature, please make this repository public.",
    );
  }
  const { bundle } = (body ?? {}) as { bundle?: unknown };
  if (typeof bundle !== "object" || bundle === null) {
    throw new ApiError(422, 'Invalid request.\n\n"bundle" wasn\'t supplied.');
  }
  const subjects = attestedSubjects(bundle, fullName);
  const record = { id: await store.nextId(), ...subjects };
  await (await attestationsOf(repository)).add(record, bundle);
  return { status: 201, json: { id: record.id } };
}

/** Since 2026-07-16 `bundle` is null in every API version (https://github.com/aaif-goose/goose/pull/10557). */
async function list(call: RepositoryCall): Promise<Reply> {
  const { repository, params, query, links } = call;
  const { owner, name, private: hidden, id } = repository.record;
  if (hidden) {
    demand(call, mayRead, { owner, name });
  }
  const digest = params["subject_digest"] ?? "";
  const wanted = query.get("predicate_type");
  const all = (await attestationsOf(repository))
    .all()
    .filter(({ digests, predicateType }) => digests.includes(digest) && isOfType(predicateType, wanted));
  const { items, headers } = cut(all, call);
  if (items.length === 0) {
    // Not an empty list (https://github.com/jdx/mise/pull/9125).
    throw notFound();
  }
  const attestations = items.map((record) => ({
    repository_id: id,
    bundle_url: bundleAddress(repository, record, links),
    initiator: "user",
    bundle: null,
  }));
  return { status: 200, json: { attestations }, headers };
}

/** GitHub's short names for predicate types; anything else is the type itself. */
const kinds: Readonly<Record<string, RegExp>> = {
  provenance: /^https:\/\/slsa\.dev\/provenance\//,
  sbom: /^https:\/\/(spdx\.dev\/Document|cyclonedx\.org\/bom)/,
  release: /^https:\/\/in-toto\.io\/attestation\/release\//,
};

function isOfType(type: string, wanted: string | null): boolean {
  return wanted === null || (kinds[wanted]?.test(type) ?? type === wanted);
}

/** Cuts a page by cursor, newest first: `after` goes to older ones, `before` back. Cursors are opaque. */
function cut(
  all: readonly AttestationRecord[],
  { query, links, exchange }: Call,
): { items: AttestationRecord[]; headers: Record<string, string> } {
  const size = Math.min(Math.max(Math.trunc(Number(query.get("per_page") ?? 30)) || 30, 1), 100);
  const [after, before] = [positionOf(query.get("after")), positionOf(query.get("before"))];
  const newer = all.filter(({ id }) => before !== undefined && id > before);
  const older = all.filter(({ id }) => after === undefined || id < after);
  const items = before === undefined ? older.slice(0, size) : newer.slice(-size);
  const link = (name: string, { id }: AttestationRecord, relation: string): string => {
    const next = new URLSearchParams(query);
    next.delete("after");
    next.delete("before");
    next.set(name, Buffer.from(String(id)).toString("base64url"));
    return `<${links.web}${exchange.url.pathname}?${next.toString()}>; rel="${relation}"`;
  };
  const [first, last] = [items[0], items.at(-1)];
  const parts = [
    ...(first !== undefined && first !== all[0] ? [link("before", first, "prev")] : []),
    ...(last !== undefined && last !== all.at(-1) ? [link("after", last, "next")] : []),
  ];
  return { items, headers: parts.length === 0 ? {} : { link: parts.join(", ") } };
}

function positionOf(cursor: string | null): number | undefined {
  const id = Number(Buffer.from(cursor ?? "", "base64url").toString() || Number.NaN);
  return Number.isInteger(id) ? id : undefined;
}

/** Deletes matching attestations in all repositories of an owner; an organization and a person are one kind of owner here. */
async function remove({ store, params }: Call, fits: (record: AttestationRecord) => boolean): Promise<Reply> {
  const owner = (params["org"] ?? params["username"] ?? "").toLowerCase();
  const repositories = store.all().filter(({ record }) => record.owner.toLowerCase() === owner);
  const counts = await Promise.all(repositories.map((repository) => removeFrom(repository, fits)));
  if (counts.every((count) => count === 0)) {
    throw notFound();
  }
  return { status: 204 };
}

async function removeFrom(repository: Repository, fits: (record: AttestationRecord) => boolean): Promise<number> {
  const attestations = await attestationsOf(repository);
  const found = attestations.all().filter(fits);
  for (const record of found) {
    await attestations.remove(record);
  }
  return found.length;
}
