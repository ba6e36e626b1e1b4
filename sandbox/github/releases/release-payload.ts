import type { Links } from "../api/links.ts";
import type { AssetRecord, ReleaseRecord, RepositoryRecord } from "../store/store.ts";
import { nodeId, simpleUser } from "../accounts/user-payload.ts";

/** Schema `release`. A draft's web addresses contain `untagged-…` instead of its tag, as at GitHub. */
export function releasePayload(
  release: ReleaseRecord,
  record: RepositoryRecord,
  links: Links,
): Record<string, unknown> {
  const fullName = `${record.owner}/${record.name}`;
  const url = `${links.api}/repos/${fullName}/releases/${release.id}`;
  const archive = (kind: string) =>
    release.draft ? null : `${links.api}/repos/${fullName}/${kind}/${encodeTag(release.tag)}`;
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${links.uploads}/repos/${fullName}/releases/${release.id}/assets{?name,label}`,
    html_url: `${links.web}/${fullName}/releases/tag/${webTag(release)}`,
    id: release.id,
    author: simpleUser(release.author, links),
    node_id: nodeId("RE", release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    draft: release.draft,
    immutable: release.immutable ?? false,
    prerelease: release.prerelease,
    created_at: release.createdAt,
    updated_at: release.updatedAt,
    published_at: release.publishedAt,
    assets: release.assets.map((asset) => assetPayload(asset, release, record, links)),
    tarball_url: archive("tarball"),
    zipball_url: archive("zipball"),
    body: release.body,
  };
}

/** Schema `release-asset`. */
export function assetPayload(
  asset: AssetRecord,
  release: ReleaseRecord,
  record: RepositoryRecord,
  links: Links,
): Record<string, unknown> {
  const fullName = `${record.owner}/${record.name}`;
  return {
    url: `${links.api}/repos/${fullName}/releases/assets/${asset.id}`,
    id: asset.id,
    node_id: nodeId("RA", asset.id),
    name: asset.name,
    label: asset.label,
    uploader: simpleUser(asset.uploader, links),
    content_type: asset.contentType,
    state: asset.state,
    size: asset.size,
    digest: asset.digest,
    download_count: asset.downloads,
    created_at: asset.createdAt,
    updated_at: asset.updatedAt,
    browser_download_url: `${links.web}/${fullName}/releases/download/${webTag(release)}/${encodeURIComponent(asset.name)}`,
  };
}

/** A tag in a path: its slashes stay. */
export function encodeTag(tag: string): string {
  return tag.split("/").map(encodeURIComponent).join("/");
}

function webTag(release: ReleaseRecord): string {
  return release.draft ? `untagged-${release.untagged}` : encodeTag(release.tag);
}
