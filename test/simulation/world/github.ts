import type { IncomingHttpHeaders } from "node:http";
import { linksOf } from "../../../sandbox/github/api/links.ts";
import { serveApi } from "../../../sandbox/github/api/serve-api.ts";
import type { Api } from "../../../sandbox/github/api/serve-api.ts";
import { gitRoutes } from "../../../sandbox/github/git/git-routes.ts";
import { tagListRoute } from "../../../sandbox/github/git/tag-list-route.ts";
import { repositoryRoutes } from "../../../sandbox/github/accounts/repository-routes.ts";
import { attestationRoutes } from "../../../sandbox/github/attestations/attestation-routes.ts";
import { pullRoutes } from "../../../sandbox/github/pulls/pull-routes.ts";
import { assetRoutes } from "../../../sandbox/github/releases/asset-routes.ts";
import { latestRelease } from "../../../sandbox/github/releases/latest-release.ts";
import { releaseRoutes } from "../../../sandbox/github/releases/release-routes.ts";
import { makeMemoryStore } from "../../../sandbox/github/store/memory-store.ts";
import type { MemoryRepository } from "../../../sandbox/github/store/memory-store.ts";
import { makeSettings } from "../../../sandbox/github/store/settings-store.ts";
import type { ReleaseRecord, Store } from "../../../sandbox/github/store/store.ts";
import type { Reply, SentRequest } from "../machine/network.ts";

/** The address of the simulated GitHub, for GITHUB_API_URL. */
export const gitHubAddress = "https://github.simulated/api/v3";

/** Which Releases a list shows late. GitHub's lists show drafts late; that published ones lag as well is an assumption. */
export type Lag = { drafts: number } | { everything: number } | undefined;

/** GitHub in memory: the sandbox's own routes, over one repository. */
export class GitHub {
  /** The texts of assets, by id. */
  readonly #texts: ReadonlyMap<number, string>;
  readonly #repository: MemoryRepository;
  readonly #api: Api;
  readonly #lists: Api;
  readonly #lag: Lag;
  readonly #violations: string[] = [];
  /** What the list of Releases was, newest last. */
  readonly #snapshots: { time: number; releases: ReleaseRecord[] }[] = [];

  private constructor(repository: MemoryRepository, store: Store, lag: Lag) {
    this.#repository = repository;
    this.#lag = lag;
    this.#texts = keepTexts(repository);
    const parts = {
      routes: [
        ...repositoryRoutes,
        ...releaseRoutes,
        ...gitRoutes,
        tagListRoute,
        ...assetRoutes(),
        ...attestationRoutes,
        ...pullRoutes,
      ],
      tokens: new Map([["simulated", { login: "bot", push: true }]]),
      store,
      settings: makeSettings(),
      links: linksOf(new URL(gitHubAddress).origin),
      onViolation: (what: string) => void this.#violations.push(what),
      checksDescription: false,
    };
    this.#api = serveApi(parts);
    this.#lists = serveApi({
      ...parts,
      store: { ...store, find: () => ({ ...repository, releases: this.#listed() }) },
    });
  }

  /** Opens a repository with two commits on its branch, one after the other. */
  static async open(fullName: string, lag: Lag): Promise<{ gitHub: GitHub; commits: [string, string] }> {
    const store = makeMemoryStore();
    const [owner = "", name = ""] = fullName.split("/");
    const repository = await store.create(owner, name, {});
    const { git } = repository;
    const older = git.addCommit({ message: "Older", date: "2026-01-01T00:00:00Z" });
    const newer = git.addCommit({ message: "Newer", date: "2026-01-02T00:00:00Z", parents: [older] });
    git.push("refs/heads/main", newer);
    return { gitHub: new GitHub(repository, store, lag), commits: [older, newer] };
  }

  /**
   * Serves a request.
   * @param body of an upload, as it arrives; for other requests all of it
   * @throws Error if the body of an upload breaks off
   */
  async serve({ method, url, headers }: SentRequest, body: () => AsyncIterable<Buffer>): Promise<Reply> {
    const api =
      this.#lag !== undefined && method === "GET" && url.pathname.endsWith("/releases") ? this.#lists : this.#api;
    const {
      status,
      headers: answered,
      body: content = "",
    } = await api({
      method,
      path: `${url.pathname}${url.search}`,
      url,
      headers: Object.fromEntries(headers) as IncomingHttpHeaders,
      body,
    });
    if (this.#violations.length > 0) {
      throw new Error(this.#violations.join("\n"));
    }
    const bytes =
      typeof content === "string" || Buffer.isBuffer(content)
        ? content
        : Buffer.concat((await content.toArray()) as Buffer[]);
    return { status, headers: { date: new Date().toUTCString(), ...answered }, body: bytes };
  }

  /** Notes what a list would show now; call it after every effect. */
  noteList(time: number): void {
    if (this.#lag !== undefined) {
      this.#snapshots.push({ time, releases: structuredClone(this.#repository.releases) });
    }
  }

  /** Every Release and draft, oldest first. */
  releases(): readonly ReleaseRecord[] {
    return this.#repository.releases;
  }

  /** The text of an asset that was uploaded whole. */
  assetText(id: number | undefined): string | undefined {
    return id === undefined ? undefined : this.#texts.get(id);
  }

  /** Commit by tag. */
  tags(): ReadonlyMap<string, string> {
    return this.#tags;
  }

  #tags: ReadonlyMap<string, string> = new Map();

  /** Reads the git tags, for tags(). */
  async readTags(): Promise<void> {
    const { git } = this.#repository;
    const references = await git.references("refs/tags/");
    const entries = await Promise.all(
      references.map(async ({ name }) => [name.slice("refs/tags/".length), await git.resolveCommit(name)] as const),
    );
    this.#tags = new Map(entries.flatMap(([tag, commit]) => (commit === undefined ? [] : [[tag, commit]])));
  }

  /** Tag of the Release that GitHub calls the latest. */
  latest(): string | undefined {
    return latestRelease(this.#repository)?.tag;
  }

  /** The repository, for a person who changes it by hand. */
  get repository(): MemoryRepository {
    return this.#repository;
  }

  #listed(): ReleaseRecord[] {
    const { releases } = this.#repository;
    const lag = this.#lag ?? { drafts: 0 };
    const until = Date.now() - ("drafts" in lag ? lag.drafts : lag.everything);
    const then = this.#snapshots.findLast(({ time }) => time <= until)?.releases ?? [];
    return "everything" in lag
      ? then
      : releases.filter(({ id, draft }) => !draft || then.some((release) => release.id === id));
  }
}

function keepTexts(repository: MemoryRepository): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  const { assetBytes } = repository;
  const { write } = assetBytes;
  assetBytes.write = async (id, body) => {
    const chunks: Buffer[] = [];
    const passing = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of body) {
        chunks.push(chunk);
        yield chunk;
      }
    };
    const written = await write(id, passing());
    texts.set(id, Buffer.concat(chunks).toString());
    return written;
  };
  return texts;
}
