import type { Answer } from "../../door/answer.ts";
import type { ApiExchange } from "../api/api-exchange.ts";
import { activeVersions } from "./package-record.ts";
import type { PackageRecord } from "./package-record.ts";
import type { PackageStore } from "./package-store.ts";
import { escapeHtml } from "../web/markdown.ts";
import { pageFrame } from "../web/web-frame.ts";

interface PackagePage {
  title: string;
  body: string;
}

const pageForm = /^\/(?:orgs|users)\/([^/]+)\/packages(?:\/container\/(package\/)?(.+?)(\/settings)?)?\/?$/;

/**
 * The page at a package's address (`/orgs/ORG/packages/container/package/NAME`), at its settings' (`…/container/NAME/settings`),
 * or at an owner's list (`/orgs/ORG/packages`); with `users` for a person's. Undefined for any other address and for
 * packages that are not there. The settings are shown but cannot be changed: a test does that through `sandbox.github.packages`.
 */
export function packageWebPage({ method, url }: ApiExchange, packages: PackageStore): Answer | undefined {
  const page = method === "GET" || method === "HEAD" ? pageAt(url.pathname, packages) : undefined;
  if (page === undefined) {
    return undefined;
  }
  const headers = { "content-type": "text/html; charset=utf-8" };
  return { status: 200, headers, body: pageFrame(page.title, page.body) };
}

function pageAt(pathname: string, packages: PackageStore): PackagePage | undefined {
  const [, owner, shown, rawName, settings] = pageForm.exec(pathname) ?? [];
  if (owner === undefined) {
    return undefined;
  }
  if (rawName === undefined) {
    return list(pathname, owner, packages);
  }
  const name = decode(rawName);
  const record = packages.find(owner, name);
  if (record === undefined || record.deletedAt !== null || (shown === undefined) === (settings === undefined)) {
    return undefined;
  }
  return settings === undefined ? overview(record) : settingsPage(record);
}

function list(pathname: string, owner: string, packages: PackageStore): PackagePage {
  const base = pathname.replace(/\/$/, "");
  const items = packages
    .of(owner)
    .filter(({ deletedAt }) => deletedAt === null)
    .map(({ name, visibility }) => {
      const address = `${base}/container/package/${encodeURIComponent(name)}`;
      return `<li><a href="${address}">${escapeHtml(name)}</a> <span class="quiet">${visibility}</span></li>`;
    });
  const body = items.length === 0 ? "<p>None yet.</p>" : `<ul>${items.join("")}</ul>`;
  return { title: `Packages of ${owner}`, body: `<h1>Packages of ${escapeHtml(owner)}</h1>${body}` };
}

function overview(record: PackageRecord): PackagePage {
  const rows = activeVersions(record)
    .toReversed()
    .map(({ digest, tags, updatedAt }) => [
      tags.map(escapeHtml).join(", ") || "—",
      `<code>${digest}</code>`,
      updatedAt,
    ]);
  const title = `${record.owner}/${record.name}`;
  const about = `<p class="quiet">${record.visibility}${record.repository === null ? "" : `, from ${repositoryLink(record.repository)}`}</p>`;
  return { title, body: `<h1>${escapeHtml(title)}</h1>${about}${table(["Tags", "Digest", "Updated"], rows)}` };
}

function settingsPage({ owner, name, visibility, repository, inherits, actions, people }: PackageRecord): PackagePage {
  const title = `Package settings of ${owner}/${name}`;
  const roles = (of: Readonly<Record<string, string>>): string[][] =>
    Object.entries(of).map(([who, role]) => [escapeHtml(who), escapeHtml(role)]);
  const body = `<h1>${escapeHtml(title)}</h1>
<h3>Visibility</h3><p>${visibility}</p>
<h3>Linked repository</h3><p>${repository === null ? "none" : repositoryLink(repository)}</p>
<h3>Inherited access</h3><p>Inherit access from source repository: ${inherits ? "yes" : "no"}</p>
<h3>Manage Actions access</h3>${table(["Repository", "Role"], roles(actions))}
<h3>Manage access</h3>${table(["Person", "Role"], roles(people))}`;
  return { title, body };
}

function repositoryLink(fullName: string): string {
  return `<a href="/${escapeHtml(fullName)}">${escapeHtml(fullName)}</a>`;
}

/** Cells are HTML. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) {
    return "<p>none</p>";
  }
  const line = (cells: readonly string[], cell: string): string =>
    `<tr>${cells.map((text) => `<${cell}>${text}</${cell}>`).join("")}</tr>`;
  const body = rows.map((row) => line(row, "td")).join("");
  return `<div class="wide"><table><thead>${line(head, "th")}</thead><tbody>${body}</tbody></table></div>`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
