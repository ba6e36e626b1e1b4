import { join } from "node:path";
import { openDoor } from "../door/door.ts";
import type { Faults } from "../door/faults.ts";
import type { Journal } from "../door/journal.ts";
import { assetRoutes } from "./releases/asset-routes.ts";
import { bundleDownload, isBundleAddress } from "./attestations/attestation-download.ts";
import { attestationRoutes } from "./attestations/attestation-routes.ts";
import { accountRoutes } from "./accounts/account-routes.ts";
import { comparisonRoute } from "./git/comparison-route.ts";
import { tagListRoute } from "./git/tag-list-route.ts";
import { gitRoutes } from "./git/git-routes.ts";
import { linksOf } from "./api/links.ts";
import type { Links } from "./api/links.ts";
import { packageWebPage } from "./packages/package-page.ts";
import { isPackageAddress, packageRoutes } from "./packages/package-routes.ts";
import { packageControl } from "./packages/package-control.ts";
import type { PackageControl } from "./packages/package-control.ts";
import { isPerson } from "./packages/package-owner.ts";
import type { PackageStore } from "./packages/package-store.ts";
import { pullRoutes } from "./pulls/pull-routes.ts";
import { pullsOf } from "./pulls/pull-store.ts";
import type { PullFields, PullRecord, PullStore } from "./pulls/pull-store.ts";
import { createRateLimits } from "./api/rate-limit.ts";
import { serveApi } from "./api/serve-api.ts";
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
  /** Opens a pull request in a repository that exists, or records a merged one. Its commits are there already: nothing is pushed. */
  openPullRequest(fullName: string, fields: PullFields): Promise<PullRecord>;
  /** The pull requests of a repository that exists. */
  pullRequests(fullName: string): Promise<PullStore>;
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
  /** As in the options of a door. */
  delay?: number | undefined;
  /** Called for every break of GitHub's description, every 501 and every failure of the double. */
  onViolation(what: string): void;
}

/** Opens the double. */
export async function openGitHubDouble(options: GitHubDoubleOptions): Promise<GitHubDouble> {
  const links = linksOf(`http://127.0.0.1:${options.port}`);
  const { store, tokens, packages } = options;
  const settings = await openSettings(join(options.folder, "settings.json"));
  const person = (owner: string) => isPerson(packages, tokens, owner);
  const hasPackages = (owner: string) => packages.hasOwner(owner);
  const broken: { name: RegExp; left: number }[] = [];
  const routes = [
    ...repositoryRoutes,
    ...gitRoutes,
    comparisonRoute,
    tagListRoute,
    ...pullRoutes,
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
  ];

  const api = serveApi({
    routes,
    tokens,
    store,
    settings,
    links,
    limits: createRateLimits(),
    onViolation: options.onViolation,
    isMissing: isPackageAddress,
  });

  const door = await openDoor({
    port: options.port,
    journal: options.journal,
    faults: options.faults,
    delay: options.delay,
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

  const pullRequests = (fullName: string): Promise<PullStore> => {
    const [owner = "", name = ""] = fullName.split("/");
    const repository = store.find(owner, name);
    if (repository === undefined) {
      throw new Error(`${fullName}: there is no such repository`);
    }
    return pullsOf(repository);
  };

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
    pullRequests,
    openPullRequest: async (fullName, fields) => (await pullRequests(fullName)).add(await store.nextId(), fields),
    breakUpload({ name = /^/, times = 1 } = {}) {
      broken.push({ name, left: times });
    },
    close: door.close,
  };
}

function repositoryOf(path: string): string | undefined {
  const match = /^(?:\/api\/(?:v3|uploads)\/repos)?\/([\w.-]+\/[\w.-]+)(?:[/?]|$)/.exec(path);
  return match?.[1]?.startsWith("api/") === true ? undefined : match?.[1];
}
