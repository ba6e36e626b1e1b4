import { atLeast, packageRole } from "./package-access.ts";
import { instantNow } from "./package-pushes.ts";
import { activeVersions } from "./package-record.ts";
import type { PackageRecord, PackageVersion } from "./package-record.ts";
import type { PackageStore } from "./package-store.ts";
import { ApiError, notFound } from "../api/api-error.ts";
import { page } from "../api/call.ts";
import type { Call, Reply, Route } from "../api/call.ts";
import { packagePayload, versionPayload } from "./package-payload.ts";
import { headerNeeds, packageNotFound, permitted, refuseKind } from "./package-permission.ts";
import type { PackageTask } from "./package-permission.ts";
import type { Token } from "../api/token.ts";

/** GitHub refuses to delete a public version with more downloads. */
const mostDownloads = 5000;

/** Deleted packages and versions can be restored for this long. */
const restorableDays = 30;

const forms = ["/orgs/{org}", "/users/{username}", "/user"] as const;

/** One authorized request on a package. */
interface PackageCall extends Call {
  record: PackageRecord;
}

/** Options of the routes. */
export interface PackageRouteOptions {
  packages: PackageStore;
  /** True for an owner that is a person. */
  isPerson(owner: string): boolean;
}

/** True for an address of the packages API; a package's name with a bare slash makes an address without a route: 404. */
export function isPackageAddress(pathname: string): boolean {
  return /^\/api\/v3\/(?:user|(?:orgs|users)\/[^/]+)\/packages\/./.test(pathname);
}

/** The 27 operations on packages: nine for each form of owner (https://docs.github.com/rest/packages/packages). */
export function packageRoutes(options: PackageRouteOptions): readonly Route[] {
  return forms.flatMap((form) => routesOf(form, options));
}

function routesOf(form: (typeof forms)[number], { packages, isPerson }: PackageRouteOptions): readonly Route[] {
  const base = `${form}/packages/{package_type}/{package_name}`;
  const addresses = ({ links }: Call, owner: string) => ({ links, person: isPerson(owner) });

  /** Reads owner and token of a call; refuses owners of the other form, and callers that own nothing. */
  const begin = ({ account, params, store }: Call, task: PackageTask): { owner: string; token: Token } => {
    if (account === undefined) {
      throw new ApiError(401, "Requires authentication");
    }
    const { token, login } = account;
    if (form === "/user" && (token.kind === "actions" || token.kind === "app")) {
      throw new ApiError(403, "Resource not accessible by integration");
    }
    refuseKind(token, task);
    const owner = params["org"] ?? params["username"] ?? login;
    const known = packages.hasOwner(owner) || store.all().some(({ record }) => same(record.owner, owner));
    if (form === "/orgs/{org}" ? isPerson(owner) || !known : !isPerson(owner)) {
      throw notFound();
    }
    return { owner, token };
  };

  const route = (
    method: Route["method"],
    path: string,
    task: PackageTask,
    run: (call: Call) => Promise<Reply>,
  ): Route => ({
    method,
    path,
    access: "anyone",
    needs: headerNeeds(task),
    refusesItself: true,
    run,
  });

  /** Makes a route on one package; `deleted` packages are for the routes that restore them. */
  const onPackage = (
    method: Route["method"],
    path: string,
    task: PackageTask,
    run: (call: PackageCall) => Promise<Reply>,
    deleted = false,
  ): Route =>
    route(method, base + path, task, async (call) => {
      const { owner, token } = begin(call, task);
      const found =
        call.params["package_type"] === "container"
          ? packages.find(owner, call.params["package_name"] ?? "")
          : undefined;
      const record = permitted((found?.deletedAt === null) === deleted ? undefined : found, token, task);
      return run({ ...call, record });
    });

  const versionOf = ({ record, params }: PackageCall, deleted: boolean): PackageVersion => {
    const version = record.versions.find(({ id }) => id === Number(params["package_version_id"]));
    if (version === undefined || (version.deletedAt !== null) !== deleted) {
      throw packageNotFound();
    }
    return version;
  };

  return [
    route("GET", `${form}/packages`, "list packages", async (call) => {
      const { owner, token } = begin(call, "list packages");
      const type = call.query.get("package_type");
      if (
        type === null ||
        (Number(call.query.get("page") ?? 1) * Number(call.query.get("per_page") ?? 30) || 0) > 10_000
      ) {
        throw new ApiError(400, "Invalid argument.");
      }
      const wanted = call.query.get("visibility");
      const all = type === "container" ? packages.of(owner) : [];
      const shown = all.filter(
        (record) =>
          record.deletedAt === null &&
          (wanted === null || record.visibility === wanted) &&
          atLeast(packageRole(token, record), "read"),
      );
      const { items, headers } = page(shown, call);
      const json = items.map((record) => packagePayload(record, addresses(call, owner), call.store));
      return { status: 200, json, headers };
    }),
    onPackage("GET", "", "get a package", async (call) => ({
      status: 200,
      json: packagePayload(call.record, addresses(call, call.record.owner), call.store),
    })),
    onPackage("DELETE", "", "delete a package", async ({ record }) => {
      if (record.visibility === "public" && activeVersions(record).some(({ downloads }) => downloads > mostDownloads)) {
        throw tooPopular("packages");
      }
      record.deletedAt = instantNow();
      await packages.save(record);
      return { status: 204 };
    }),
    onPackage(
      "POST",
      "/restore",
      "restore a package",
      async ({ record }) => {
        refuseLate(record.deletedAt);
        record.deletedAt = null;
        await packages.save(record);
        return { status: 204 };
      },
      true,
    ),
    onPackage("GET", "/versions", "get a package's versions", async (call) => {
      const { record, query } = call;
      const state = query.get("state") ?? "active";
      const shown = record.versions.filter(({ deletedAt }) => (deletedAt === null) === (state === "active"));
      // Newest first. The form for users declares no pages, so it returns all.
      const { items, headers } =
        form === "/users/{username}" ? { items: shown.toReversed(), headers: {} } : page(shown.toReversed(), call);
      const json = items.map((version) => versionPayload(version, record, addresses(call, record.owner)));
      return { status: 200, json, headers };
    }),
    onPackage("GET", "/versions/{package_version_id}", "get a package version", async (call) => ({
      status: 200,
      json: versionPayload(versionOf(call, false), call.record, addresses(call, call.record.owner)),
    })),
    onPackage("DELETE", "/versions/{package_version_id}", "delete a package version", async (call) => {
      const { record } = call;
      const version = versionOf(call, false);
      if (record.visibility === "public" && version.downloads > mostDownloads) {
        throw tooPopular("package versions");
      }
      const others = activeVersions(record).filter((other) => other !== version);
      if (others.length === 0 || (version.tags.length > 0 && others.every(({ tags }) => tags.length === 0))) {
        const words = "You cannot delete the last tagged version of a package. You must delete the package instead.";
        throw new ApiError(400, words);
      }
      version.deletedAt = instantNow();
      await packages.save(record);
      return { status: 204 };
    }),
    onPackage("POST", "/versions/{package_version_id}/restore", "restore a package version", async (call) => {
      const { record } = call;
      const version = versionOf(call, true);
      refuseLate(version.deletedAt);
      const taken = new Set(activeVersions(record).flatMap(({ tags }) => tags));
      version.tags = version.tags.filter((tag) => !taken.has(tag));
      version.deletedAt = null;
      await packages.save(record);
      return { status: 204 };
    }),
    route("GET", `${form}/docker/conflicts`, "list packages", async (call) => {
      begin(call, "list packages");
      return { status: 200, json: [] };
    }),
  ];
}

function refuseLate(deletedAt: string | null): void {
  if (Date.now() - Date.parse(deletedAt ?? "") > restorableDays * 24 * 3600 * 1000) {
    throw packageNotFound();
  }
}

function tooPopular(what: string): ApiError {
  const words = `Publicly visible ${what} with more than ${mostDownloads} downloads cannot be deleted.`;
  return new ApiError(400, `${words} Contact GitHub support for further assistance.`);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
