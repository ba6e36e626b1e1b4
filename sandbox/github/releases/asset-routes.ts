import { ApiError, fieldsOf, notFound, validationFailed } from "../api/api-error.ts";
import { loginOf, page } from "../api/call.ts";
import type { Reply, RepositoryCall, Route } from "../api/call.ts";
import { instant } from "../store/git-repository.ts";
import { refuseAssetChange } from "./immutable-release.ts";
import { assetPayload } from "./release-payload.ts";
import { findRelease } from "./release-routes.ts";
import { hasBytes } from "../store/store.ts";
import type { AssetRecord, ReleaseRecord, Repository } from "../store/store.ts";

const releasesPath = "/repos/{owner}/{repo}/releases";

/** Decides whether an upload fails upstream and leaves a `starter` behind. */
export type BreakUpload = (name: string) => boolean;

/** Release assets (https://docs.github.com/rest/releases/assets). By default no upload fails upstream. */
export function assetRoutes(breakUpload: BreakUpload = () => false): readonly Route[] {
  return [
    {
      method: "GET",
      path: `${releasesPath}/{release_id}/assets`,
      access: "read",
      async run(call) {
        const release = visible(call, findRelease(call));
        const { items, headers } = page(release.assets, call);
        const json = items.map((asset) => assetPayload(asset, release, call.repository.record, call.links));
        return { status: 200, json, headers };
      },
    },
    {
      method: "POST",
      path: `${releasesPath}/{release_id}/assets`,
      access: "write",
      upload: true,
      run: (call) => upload(call, breakUpload),
    },
    {
      method: "GET",
      path: `${releasesPath}/assets/{asset_id}`,
      access: "read",
      async run(call) {
        const { release, asset } = findAsset(call);
        visible(call, release);
        if (!(call.exchange.headers.accept ?? "").includes("application/octet-stream")) {
          return { status: 200, json: assetPayload(asset, release, call.repository.record, call.links) };
        }
        return download(call.repository, release, asset);
      },
    },
    {
      method: "PATCH",
      path: `${releasesPath}/assets/{asset_id}`,
      access: "write",
      async run(call) {
        const { release, asset } = findAsset(call);
        refuseAssetChange(release, "update");
        const fields = fieldsOf(call.body);
        const name = assetName(fields.text("name") ?? asset.name);
        if (release.assets.some((other) => other !== asset && other.name === name)) {
          throw validationFailed({ resource: "ReleaseAsset", code: "already_exists", field: "name" });
        }
        const updatedAt = instant(Math.floor(Date.now() / 1000));
        Object.assign(asset, { name, label: fields.text("label") ?? asset.label, updatedAt });
        await call.repository.saveRelease(release);
        return { status: 200, json: assetPayload(asset, release, call.repository.record, call.links) };
      },
    },
    {
      method: "DELETE",
      path: `${releasesPath}/assets/{asset_id}`,
      access: "write",
      async run(call) {
        const { release, asset } = findAsset(call);
        refuseAssetChange(release, "delete");
        release.assets.splice(release.assets.indexOf(asset), 1);
        await call.repository.saveRelease(release);
        await call.repository.assetBytes.remove(asset.id);
        return { status: 204 };
      },
    },
  ];
}

/** Answers with an asset's bytes and counts the download. */
export async function download(repository: Repository, release: ReleaseRecord, asset: AssetRecord): Promise<Reply> {
  if (!hasBytes(repository, asset)) {
    throw notFound();
  }
  asset.downloads += 1;
  await repository.saveRelease(release);
  return {
    status: 200,
    stream: repository.assetBytes.read(asset.id),
    headers: {
      "content-type": asset.contentType,
      "content-length": String(asset.size),
      "content-disposition": `attachment; filename=${asset.name}`,
    },
  };
}

/**
 * Makes GitHub's name for an uploaded file: every character except letters, digits, `.`, `_`, `-`, `+` and `@` becomes a dot. (The
 * documentation says only that names with special characters are renamed; this set is an observation.)
 */
export function assetName(given: string): string {
  const name = given.replace(/[^A-Za-z0-9._\-+@]+/g, ".").replace(/\.+$/, "");
  return name.startsWith(".") ? `default${name}` : name;
}

async function upload(call: RepositoryCall, breakUpload: BreakUpload): Promise<Reply> {
  const { repository, exchange, query, links, store } = call;
  const release = findRelease(call);
  refuseAssetChange(release, "upload");
  const { headers } = exchange;
  const given = query.get("name") ?? "";
  const name = assetName(given);
  if (name === "") {
    throw validationFailed({ resource: "ReleaseAsset", code: "missing_field", field: "name" });
  }
  const length = Number(headers["content-length"] ?? 0);
  if (!(length > 0)) {
    throw new ApiError(400, "Bad Content-Length");
  }
  const now = instant(Math.floor(Date.now() / 1000));
  // Its name is in use from here on: a second upload of the same name finds it, finished or not.
  const asset: AssetRecord = {
    id: await store.nextId(),
    name,
    label: query.get("label") ?? "",
    contentType: headers["content-type"] ?? "application/octet-stream",
    state: "starter",
    size: 0,
    digest: null,
    downloads: 0,
    uploader: loginOf(call),
    createdAt: now,
    updatedAt: now,
  };
  if (release.assets.some((other) => other.name === name)) {
    throw new ApiError(422, "Validation Failed", [{ resource: "ReleaseAsset", code: "already_exists", field: "name" }]);
  }
  release.assets.push(asset);
  await repository.saveRelease(release);
  if (breakUpload(name)) {
    for await (const _ of exchange.body()) {
      // Read to the end, because the failure is upstream of the uploads host.
    }
    throw new ApiError(502, "Server Error");
  }
  // If the body breaks off, the starter stays, as it does at GitHub (https://github.com/cli/cli/issues/5008).
  const written = await repository.assetBytes.write(asset.id, exchange.body());
  if (!release.assets.includes(asset)) {
    await repository.assetBytes.remove(asset.id);
    throw notFound();
  }
  const updatedAt = instant(Math.floor(Date.now() / 1000));
  Object.assign(asset, { ...written, state: "uploaded", updatedAt });
  await repository.saveRelease(release);
  const json = assetPayload(asset, release, repository.record, links);
  return { status: 201, json, headers: { location: String(json["url"]) } };
}

function findAsset({ repository, params }: RepositoryCall): { release: ReleaseRecord; asset: AssetRecord } {
  for (const release of repository.releases) {
    const asset = release.assets.find(({ id }) => id === Number(params["asset_id"]));
    if (asset !== undefined) {
      return { release, asset };
    }
  }
  throw notFound();
}

function visible({ account }: RepositoryCall, release: ReleaseRecord): ReleaseRecord {
  if (release.draft && account?.push !== true) {
    throw notFound();
  }
  return release;
}
