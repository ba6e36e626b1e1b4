import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Answer } from "../door/answer.ts";
import type { Exchange } from "../door/door.ts";
import { openDoor } from "../door/door.ts";
import type { Faults } from "../door/faults.ts";
import type { Journal } from "../door/journal.ts";
import { ApiError, notFound } from "./api/api-error.ts";
import { assetRoutes } from "./releases/asset-routes.ts";
import { bundleDownload, isBundleAddress } from "./attestations/attestation-download.ts";
import { attestationRoutes } from "./attestations/attestation-routes.ts";
import { accountRoutes } from "./accounts/account-routes.ts";
import { accountOf, runAllowed, tokenHeaders } from "./api/authorization.ts";
import type { Call, Reply, Route } from "./api/call.ts";
import { conditional } from "./api/conditional.ts";
import { gitRoutes } from "./git/git-routes.ts";
import { linksOf } from "./api/links.ts";
import type { Links } from "./api/links.ts";
import { packageWebPage } from "./packages/package-page.ts";
import { isPackageAddress, packageRoutes } from "./packages/package-routes.ts";
import { packageControl } from "./packages/package-control.ts";
import type { PackageControl } from "./packages/package-control.ts";
import { isPerson } from "./packages/package-owner.ts";
import type { PackageStore } from "./packages/package-store.ts";
import { checkExchange } from "./api/openapi.ts";
import { createRateLimits } from "./api/rate-limit.ts";
import { patternOf } from "./api/route-pattern.ts";
import { releaseRoutes } from "./releases/release-routes.ts";
import { repositoryRoutes } from "./accounts/repository-routes.ts";
import { settingsRoutes } from "./settings-routes.ts";
import { openSettings } from "./store/settings-store.ts";
import type { Settings } from "./store/settings-store.ts";
import type { DiskStore } from "./store/disk-store.ts";
import type { RepositoryFields } from "./store/store.ts";
import type { Token } from "./api/token.ts";
import { webPage } from "./web/web-page.ts";

/** The parts of GitHub that releases use: API, uploads and web pages on one port, over real git repositories. */
export interface GitHubDouble {
  links: Links;
  /** Token table. Entries may be added, changed and deleted at any time; a restart knows only the sandbox's own token. */
  tokens: Map<string, Token>;
  /** The container packages, as a person changes them in the browser. */
  packages: PackageControl;
  /** Rulesets, permissions and environments. A test may change things that no operation sets, for example an organization's plan. */
  settings: Settings;
  /**
   * Finds or creates `owner/name` and returns its bare git repository: push to that path. Given fields are
   * updated; by default a repository has no description, no licence and is public.
   */
  createRepository(fullName: string, fields?: RepositoryFields): Promise<{ gitDir: string; fullName: string }>;
  /** The next uploads (default 1) whose asset name matches (default any) answer 502 and leave an asset in state `starter`. */
  breakUpload(options?: { name?: RegExp; times?: number }): void;
  close(): Promise<void>;
}

/** Options of the double. */
export interface GitHubDoubleOptions {
  /** Absolute folder of its data. */
  folder: string;
  port: number;
  tokens: Map<string, Token>;
  store: DiskStore;
  /** The table that the registry's door fills. */
  packages: PackageStore;
  journal: Journal;
  faults: Faults;
  /** Called for every break of GitHub's description, every 501 and every failure of the double. */
  onViolation(what: string): void;
}

/** Opens the double. */
export async function openGitHubDouble(options: GitHubDoubleOptions): Promise<GitHubDouble> {
  const links = linksOf(`http://127.0.0.1:${options.port}`);
  const { store, tokens, packages } = options;
  const limits = createRateLimits();
  const settings = await openSettings(join(options.folder, "settings.json"));
  const person = (owner: string) => isPerson(packages, tokens, owner);
  const hasPackages = (owner: string) => packages.hasOwner(owner);
  const broken: { name: RegExp; left: number }[] = [];
  const routes = [
    ...repositoryRoutes,
    ...gitRoutes,
    ...releaseRoutes,
    ...attestationRoutes,
    ...packageRoutes({ packages, isPerson: person }),
    ...accountRoutes({ isPerson: person, hasPackages }),
    ...settingsRoutes({ isPerson: person, hasPackages }),
    ...assetRoutes((name) => {
      const found = broken.find((entry) => entry.left > 0 && entry.name.test(name));
      if (found !== undefined) {
        found.left -= 1;
      }
      return found !== undefined;
    }),
  ].map((route) => ({ route, pattern: patternOf(route) }));

  const api = async (exchange: Exchange): Promise<Answer> => {
    const { method, path, url } = exchange;
    const violation = (what: string) => options.onViolation(`${method} ${path}: ${what}`);
    let call: Call | undefined;
    let route: Route | undefined;
    let reply: Reply;
    try {
      if (exchange.request.headers["user-agent"] === undefined) {
        throw new ApiError(
          403,
          "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
        );
      }
      const account = accountOf(exchange.request, tokens);
      const found = routes
        .map((entry) => ({ route: entry.route, match: entry.pattern.exec(url.pathname) }))
        .find((entry) => entry.route.method === method && entry.match !== null);
      if (found === undefined && isPackageAddress(url.pathname)) {
        throw notFound();
      }
      if (found === undefined) {
        violation("the sandbox does not know this operation");
        return jsonAnswer(501, { message: `${method} ${url.pathname} is not part of the sandbox` });
      }
      route = found.route;
      const params = Object.fromEntries(
        Object.entries(found.match?.groups ?? {}).map(([name, value]) => [name, decode(value)]),
      );
      const body = route.upload === true || method === "GET" ? undefined : await readJson(exchange);
      call = { exchange, params, query: url.searchParams, body, account, links, store, settings };
      reply = await runAllowed(route, call);
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      reply = { status: error.status, json: errorBody(error), headers: error.headers };
    }
    if (route !== undefined && call !== undefined && reply.status < 500) {
      const { params, query, body } = call;
      const { status, json } = reply;
      checkExchange({
        method,
        path: route.path,
        params,
        query,
        body,
        raw: route.upload === true,
        status,
        json,
      }).forEach(violation);
    }
    const token = call?.account?.token;
    const headers = { ...tokenHeaders(token, route), ...reply.headers };
    const rest = reply.stream === undefined ? {} : { body: reply.stream };
    const whole =
      reply.json === undefined
        ? { status: reply.status, headers, ...rest }
        : jsonAnswer(reply.status, reply.json, headers);
    const answer = conditional(exchange, whole);
    return { ...answer, headers: { ...limits.headers(token, answer.status !== 304), ...answer.headers } };
  };

  const door = await openDoor({
    port: options.port,
    journal: options.journal,
    faults: options.faults,
    doorOf: (path) => (path.startsWith("/api/") ? "github" : "web"),
    repositoryOf,
    handle: async (exchange) => {
      if (exchange.door === "github") {
        return api(exchange);
      }
      const page = packageWebPage(exchange, packages);
      if (page !== undefined) {
        return page;
      }
      return isBundleAddress(exchange.url) ? bundleDownload(exchange, store) : webPage(exchange, store, links);
    },
    onFailure: ({ method, path }, error) =>
      options.onViolation(
        `${method} ${path}: the sandbox failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      ),
  });

  return {
    links,
    tokens,
    packages: packageControl(packages),
    settings,
    async createRepository(fullName, fields = {}) {
      const [owner, name, more] = fullName.split("/");
      if (!owner || !name || more !== undefined || !/^[\w.-]+\/[\w.-]+$/.test(fullName)) {
        throw new Error(`${fullName}: is not of the form owner/name`);
      }
      const { record, directory } = await store.create(owner, name, fields);
      return { gitDir: directory, fullName: `${record.owner}/${record.name}` };
    },
    breakUpload({ name = /^/, times = 1 } = {}) {
      broken.push({ name, left: times });
    },
    close: door.close,
  };
}

async function readJson(exchange: Exchange): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of exchange.body()) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (text === "") {
    return undefined;
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError(400, "Problems parsing JSON");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ApiError(400, "Body should be a JSON object");
  }
  return body;
}

function errorBody({ status, message, errors }: ApiError): Record<string, unknown> {
  // The recorded answer to a name collision of assets has a request id instead of the two other fields.
  if (errors?.some(({ resource, code }) => resource === "ReleaseAsset" && code === "already_exists")) {
    return { message, request_id: randomUUID(), errors };
  }
  return {
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: "https://docs.github.com/rest",
    status: String(status),
  };
}

function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

function repositoryOf(path: string): string | undefined {
  const match = /^(?:\/api\/(?:v3|uploads)\/repos)?\/([\w.-]+\/[\w.-]+)(?:[/?]|$)/.exec(path);
  return match?.[1]?.startsWith("api/") === true ? undefined : match?.[1];
}

function decode(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? "");
  } catch {
    return text ?? "";
  }
}
