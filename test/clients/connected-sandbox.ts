import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { Sandbox, SandboxOptions } from "../../sandbox/sandbox.ts";
import { pushCommits, temporarySandbox } from "../sandbox/temporary-sandbox.ts";

/** A repository of the sandbox's GitHub with three commits on `main`. */
export interface TestRepository {
  /** `owner/name`. */
  fullName: string;
  owner: string;
  repo: string;
  /** The bare git repository. */
  gitDir: string;
  /** Ids of its commits, oldest first. */
  commits: readonly [first: string, second: string, third: string];
}

/** A sandbox that the clients of this process are connected to by environment variables. */
export interface ConnectedSandbox {
  /** Throws before `beforeAll` has run. */
  readonly sandbox: Sandbox;
  /** Makes a repository that no other test has. */
  repository(): Promise<TestRepository>;
  /**
   * An image repository with its registry that no other test has; `name` is the part after the registry.
   * @param owner first part of the name. Default `acme`
   */
  image(owner?: string): { repository: string; name: string };
}

let number = 0;

/**
 * Starts a sandbox for the tests of this file and sets what the clients read from the environment. One per file: the GitHub client reads
 * its address once per process. Retries wait 20 ms, unfinished uploads count as abandoned at once, writes to GitHub are not held back;
 * faults are cleared after each test.
 */
export function connectedSandbox(options: Partial<SandboxOptions> = {}): ConnectedSandbox {
  let started: Sandbox | undefined;
  let forget = async (): Promise<void> => undefined;
  const running = (): Sandbox => {
    if (started === undefined) {
      throw new Error("the sandbox runs within tests only");
    }
    return started;
  };
  let template: Promise<{ from: string; commits: TestRepository["commits"] }> | undefined;
  const pushed = async () => {
    const { gitDir } = await running().github.createRepository("acme/template");
    const [first = "", second = "", third = ""] = await pushCommits(gitDir, 3);
    return { from: gitDir, commits: [first, second, third] as const };
  };
  beforeAll(async () => {
    ({ sandbox: started, forget } = await temporarySandbox(options));
    Object.assign(process.env, started.environment, {
      LOCKSTEP_RETRY_MS: "20",
      LOCKSTEP_UPLOAD_WAIT_MS: "0",
      LOCKSTEP_GITHUB_WRITES_PER_MINUTE: "100000",
      LOCKSTEP_GITHUB_WRITES_PER_HOUR: "100000",
    });
    delete process.env["GH_TOKEN"];
  });
  afterEach(() => running().faults.clear());
  afterAll(() => forget());
  return {
    get sandbox() {
      return running();
    },
    async repository() {
      const repo = `widgets-${++number}`;
      const { gitDir, fullName } = await running().github.createRepository(`acme/${repo}`);
      template ??= pushed();
      const { from, commits } = await template;
      // Copied, not pushed: the same commits again, without five processes each time.
      await cp(join(from, "objects"), join(gitDir, "objects"), { recursive: true });
      const main = join(gitDir, "refs", "heads", "main");
      await mkdir(dirname(main), { recursive: true });
      await writeFile(main, `${commits[2]}\n`);
      return { fullName, owner: "acme", repo, gitDir, commits };
    },
    image(owner = "acme") {
      const name = `${owner}/app-${++number}`;
      return { repository: `${running().addresses.registry}/${name}`, name };
    },
  };
}
