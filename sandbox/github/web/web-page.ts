import type { Answer } from "../../door/answer.ts";
import type { ApiExchange } from "../api/api-exchange.ts";
import { download } from "../releases/asset-routes.ts";
import { latestRelease } from "../releases/latest-release.ts";
import type { Links } from "../api/links.ts";
import { escapeHtml, renderMarkdown } from "./markdown.ts";
import { encodeTag } from "../releases/release-payload.ts";
import type { AssetRecord, ReleaseRecord, Repository, Store } from "../store/store.ts";
import { pageFrame } from "./web-frame.ts";

/**
 * Answers a browser: a list of repositories, a repository's releases, one release, a download. Drafts,
 * private repositories and unfinished assets are not shown. No scripts, and nothing from other hosts.
 */
export async function webPage({ method, url }: ApiExchange, store: Store, links: Links): Promise<Answer> {
  if (method !== "GET" && method !== "HEAD") {
    return html(405, "Method not allowed", "<p>Only GET here.</p>");
  }
  if (url.pathname === "/") {
    return html(200, "Repositories", repositoryList(store));
  }
  const [, owner = "", name = "", rest = ""] = /^\/([^/]+)\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
  const repository = store.find(owner, name);
  if (repository === undefined || repository.record.private) {
    return missing();
  }
  const fullName = `${repository.record.owner}/${repository.record.name}`;
  const published = repository.releases.filter(({ draft }) => !draft);
  if (rest === "") {
    return { status: 302, headers: { location: `/${fullName}/releases` } };
  }
  if (rest === "releases" || rest === "releases/") {
    const shown = published.toSorted((a, b) => (b.publishedAt ?? "").localeCompare(a.publishedAt ?? "") || b.id - a.id);
    const articles = await Promise.all(shown.map((release) => article(repository, release, links)));
    const none = "<p>There aren’t any releases here.</p>";
    return html(200, `Releases of ${fullName}`, heading(repository) + (articles.join("") || none));
  }
  if (rest === "releases/latest") {
    const latest = latestRelease(repository);
    return latest === undefined
      ? missing()
      : { status: 302, headers: { location: `/${fullName}/releases/tag/${encodeTag(latest.tag)}` } };
  }
  const [, tag] = /^releases\/tag\/(.+)$/.exec(rest) ?? [];
  if (tag !== undefined) {
    const release = published.find((one) => one.tag === decode(tag));
    return release === undefined
      ? missing()
      : html(200, `${title(release)} · ${fullName}`, heading(repository) + (await article(repository, release, links)));
  }
  const [, from, file] = /^releases\/download\/(.+)\/([^/]+)$/.exec(rest) ?? [];
  const release = published.find((one) => one.tag === decode(from));
  const asset = release?.assets.find((one) => one.name === decode(file) && one.state === "uploaded");
  if (release === undefined || asset === undefined) {
    return missing();
  }
  const { status, headers = {}, stream } = await download(repository, release, asset);
  return { status, headers, ...(stream === undefined ? {} : { body: stream }) };
}

function repositoryList(store: Store): string {
  const items = store
    .all()
    .filter(({ record }) => !record.private)
    .map(({ record, releases }) => {
      const fullName = `${record.owner}/${record.name}`;
      const count = releases.filter(({ draft }) => !draft).length;
      const text = `${count} ${count === 1 ? "release" : "releases"}`;
      return `<li><a href="/${fullName}/releases">${fullName}</a> <span class="quiet">${text}</span></li>`;
    });
  return `<h1>Repositories</h1>${items.length === 0 ? "<p>None yet.</p>" : `<ul>${items.join("")}</ul>`}`;
}

function heading({ record }: Repository): string {
  const { owner, name, description } = record;
  const about = description === null ? "" : `<p class="quiet">${escapeHtml(description)}</p>`;
  return `<header><h1><a href="/">${owner}</a> / <a href="/${owner}/${name}/releases">${name}</a></h1>${about}</header>`;
}

async function article(repository: Repository, release: ReleaseRecord, links: Links): Promise<string> {
  const { record, git } = repository;
  const sha = (await git.resolveCommit(`refs/tags/${release.tag}`)) ?? "";
  const latest = latestRelease(repository) === release ? ' <span class="badge latest">Latest</span>' : "";
  const early = release.prerelease ? ' <span class="badge early">Pre-release</span>' : "";
  const address = `/${record.owner}/${record.name}/releases/tag/${encodeTag(release.tag)}`;
  const when = (release.publishedAt ?? "").replace("T", " ").replace("Z", " UTC");
  return `<article>
<h2><a href="${address}">${escapeHtml(title(release))}</a>${latest}${early}</h2>
<p class="quiet"><code>${escapeHtml(release.tag)}</code> at <code>${sha.slice(0, 7)}</code>, published ${when} by ${escapeHtml(release.author)}</p>
<div class="notes">${renderMarkdown(release.body ?? "")}</div>
${assetTable(repository, release, links)}
</article>`;
}

function assetTable({ record }: Repository, release: ReleaseRecord, links: Links): string {
  const assets = release.assets.filter(({ state }) => state === "uploaded");
  if (assets.length === 0) {
    return "";
  }
  const row = (asset: AssetRecord): string => {
    const address = `${links.web}/${record.owner}/${record.name}/releases/download/${encodeTag(release.tag)}/${encodeURIComponent(asset.name)}`;
    const digest = asset.digest?.replace("sha256:", "") ?? "";
    return `<tr><td><a href="${address}">${escapeHtml(asset.name)}</a></td><td class="size">${size(asset.size)}</td><td><code>${digest}</code></td></tr>`;
  };
  const body = assets.map(row).join("");
  return `<h3>Assets <span class="count">${assets.length}</span></h3>
<div class="wide"><table class="assets"><thead><tr><th>Name</th><th class="size">Size</th><th>SHA-256</th></tr></thead><tbody>${body}</tbody></table></div>`;
}

function title(release: ReleaseRecord): string {
  return release.name === null || release.name === "" ? release.tag : release.name;
}

function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? "B"}`;
}

function html(status: number, name: string, body: string): Answer {
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: pageFrame(name, body) };
}

function missing(): Answer {
  return html(
    404,
    "Not found",
    "<h1>Not found</h1><p>There is nothing public here. <a href='/'>All repositories</a></p>",
  );
}

function decode(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? "");
  } catch {
    return text ?? "";
  }
}
