import type { Reply, SentRequest } from "../machine/network.ts";
import { GitHub, gitHubAddress } from "./github.ts";
import type { Lag } from "./github.ts";
import { Registry } from "./registry.ts";

/** What a world is like. */
export interface WorldOptions {
  /** Whether the registry keeps lists of referrers. */
  hasReferrers: boolean;
  lag: Lag;
}

/** Every server that a release talks to, in memory. */
export class World {
  readonly registry: Registry;
  readonly gitHub: GitHub;
  /** Full ids of two commits, the older first. */
  readonly commits: readonly [string, string];
  readonly listsLag: boolean;
  #signatures = 0;

  private constructor(registry: Registry, gitHub: GitHub, commits: readonly [string, string], listsLag: boolean) {
    this.registry = registry;
    this.gitHub = gitHub;
    this.commits = commits;
    this.listsLag = listsLag;
  }

  static async open(fullName: string, { hasReferrers, lag }: WorldOptions): Promise<World> {
    const { gitHub, commits } = await GitHub.open(fullName, lag);
    return new World(new Registry(hasReferrers), gitHub, commits, lag !== undefined);
  }

  /** Serves a request. Only the body of an upload takes time to arrive. */
  async serve(request: SentRequest, body: () => AsyncIterable<Buffer>): Promise<Reply> {
    const { origin, host } = request.url;
    if (origin === new URL(gitHubAddress).origin) {
      return this.gitHub.serve(request, body);
    }
    if (host === "ghcr.io") {
      return this.registry.serve(request);
    }
    if (host.endsWith(".sigstore.dev")) {
      this.#signatures += 1;
      return { status: 201, body: JSON.stringify({ number: this.#signatures }) };
    }
    throw new Error(`the simulated world has no ${host}`);
  }
}

/** Whether a request is an upload, whose name and bytes arrive at different moments. */
export function isUpload({ method, url }: SentRequest): boolean {
  return method === "POST" && url.pathname.startsWith("/api/uploads/");
}
