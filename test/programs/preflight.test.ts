import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitHubWeb } from "../../clients/github/github.ts";
import { observeUnit } from "../../observe/published/unit.ts";
import { planRelease, questionOf } from "../../plan/release/release.ts";
import { preflight } from "../../programs/preflight.ts";
import type { SeededPackage } from "../../sandbox/github/packages/package-control.ts";
import type { Token } from "../../sandbox/github/api/token.ts";
import { connectedSandbox } from "../clients/connected-sandbox.ts";
import type { TestRepository } from "../clients/connected-sandbox.ts";
import { plannedProject } from "../plan/made-up-project.ts";
import { registryClient } from "../sandbox/registry-client.ts";
import { programRun } from "../support/program-run.ts";
import type { ProgramRun, RunKind } from "../support/program-run.ts";

const world = connectedSandbox();
const permissions = { contents: "write", packages: "write" } as const;
const classic = { kind: "classic", login: "kim" } as const;

/** What a run is and what it meets. */
interface Setting {
  /** The package: `open` may be read by everyone and pushed to by the workflow. Default `open`. */
  image?: "open" | "closed" | "locked" | "new";
  /** What the run has. Default the workflow's token. */
  token?: (repository: string) => Token;
  /** The token's secret if its form matters. */
  secret?: string;
  /** What Docker has instead of that token: no login, or a password that the registry does not know. */
  login?: "none" | "wrong";
  /** Whether GitHub knows the packages of the registry. Default true. */
  isGitHubs?: boolean;
  /** Arms what the run meets. */
  arm?: (name: string) => void;
}

/** One cause of a refused push, as it is set up and as it must be said. */
interface Cause extends Setting {
  cause: string;
  /** What a preview does: it warns if another login may run `up`, and otherwise stops as `up` does. */
  preview: "warns" | "stops";
  /** Of the error of `up`. */
  code: string;
  /** The registry's own words. */
  words: string;
  /** What they mean. */
  meaning: string;
  /** The page, switch, permission or command that fixes it; PACKAGE stands for the page of the package's settings. */
  way: string;
}

const everyHead = { door: "registry", method: "HEAD", path: /./, when: "before", times: Infinity } as const;
const everyPackage = { door: "github", method: "GET", path: /\/packages\//, when: "before", times: Infinity } as const;
const limited = { code: "RATE_LIMITED", meaning: "This is not a missing permission.", way: "Wait a few minutes" };
const fineGrained: Omit<Cause, "cause"> = {
  token: () => ({ kind: "fine-grained", login: "kim", permissions }),
  secret: "github_pat_canary",
  preview: "warns",
  code: "DENIED",
  words: "the login is a fine-grained token, and GitHub's registry accepts none",
  meaning: "or it is fine-grained",
  way: "Fine-grained tokens cannot write packages.",
};

const causes: Cause[] = [
  {
    cause: "the workflow's token may only read packages",
    token: (repository) => ({ kind: "actions", repository, permissions: { contents: "write", packages: "read" } }),
    preview: "warns",
    code: "DENIED",
    words: "DENIED: installation not allowed to Write organization package",
    meaning: "or it is an App's token",
    way: "Give the job `permissions: packages: write`",
  },
  {
    cause: "the token is an App's",
    token: () => ({ kind: "app", login: "robot[bot]", permissions }),
    preview: "warns",
    code: "DENIED",
    words: "DENIED: installation not allowed to Write organization package",
    meaning: "or it is an App's token",
    way: "Give the job `permissions: packages: write` and use GITHUB_TOKEN or a classic token.",
  },
  {
    cause: "a classic token lacks `write:packages`",
    token: () => ({ ...classic, scopes: ["repo", "read:packages"] }),
    preview: "warns",
    code: "DENIED",
    words: "DENIED: permission_denied: The token provided does not match expected scopes",
    meaning: "the scope `write:packages` is missing",
    way: "Use a classic token with `write:packages`",
  },
  { cause: "the token is fine-grained", ...fineGrained },
  { cause: "the token is fine-grained, and the package is new", image: "new", ...fineGrained },
  {
    cause: "no one is logged in, and everyone may read the package",
    login: "none",
    preview: "warns",
    code: "CREDENTIALS_MISSING",
    words: "Docker has no login for 127.0.0.1:",
    meaning: "would be refused",
    way: "Log in first: `docker login REGISTRY`",
  },
  {
    cause: "the registry's token service refuses the login, and the package is private",
    image: "closed",
    login: "wrong",
    preview: "warns",
    code: "CREDENTIALS_REFUSED",
    words: "token endpoint: DENIED: denied",
    meaning: "the package is private or does not exist for this login",
    way: "Check `docker login REGISTRY`, and that the account may read the package.",
  },
  {
    cause: "the package does not know the repository",
    image: "locked",
    preview: "stops",
    code: "DENIED",
    words: "DENIED: permission_denied: write_package",
    meaning: "The credentials are valid but cannot write to this package.",
    way: "Open the package's settings page, `Manage Actions access` → Add repository → role Write.",
  },
  {
    cause: "the registry answers 403 without a word to every HEAD",
    image: "locked",
    arm: () => void world.sandbox.faults.add({ ...everyHead, act: { status: 403 } }),
    preview: "stops",
    code: "DENIED",
    words: "DENIED: permission_denied: write_package",
    meaning: "The credentials are valid but cannot write to this package.",
    way: "PACKAGE",
  },
  {
    cause: "the registry is not GitHub's, and refuses",
    isGitHubs: false,
    arm: (name) => world.sandbox.registry.refuse(name),
    preview: "stops",
    code: "DENIED",
    words: "DENIED: permission_denied: write_package",
    meaning: "The credentials are valid but cannot write to this package.",
    way: "Manage Actions access",
  },
  {
    cause: "GitHub's API limits the rate",
    arm: () => {
      const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
      world.sandbox.faults.add({ ...everyPackage, act: { status: 403, body: { message } } });
    },
    preview: "stops",
    words: "You have exceeded a secondary rate limit.",
    ...limited,
  },
  {
    cause: "the registry takes no more uploads in this minute",
    arm: () => world.sandbox.registry.limit("uploads", Infinity),
    preview: "stops",
    words: "TOOMANYREQUESTS: retry-after: 10.305464ms, allowed: 2000/minute",
    ...limited,
  },
];

const kinds = { open: {}, closed: { visibility: "private" }, locked: { repository: null, actions: {} } } as const;
let repository: TestRepository;
let dockerConfig: string;
let packages = 0;

beforeAll(async () => {
  await world.sandbox.github.packages.setOwner("acme", { type: "organization" });
  repository = await world.repository();
  dockerConfig = await mkdtemp(join(tmpdir(), "lockstep-docker-"));
});
afterAll(() => rm(dockerConfig, { recursive: true, force: true }));

/** A package that no other test has: the process keeps the registry's answers to a login for each. */
async function packageOf(image: keyof typeof kinds | "new"): Promise<string> {
  const name = `acme/${image}-${++packages}`;
  if (image !== "new") {
    if (image !== "closed") {
      await registryClient(world.sandbox).pushImage(name, "0.1.0", name);
    }
    const own = { visibility: "public", repository: repository.fullName, actions: { [repository.fullName]: "write" } };
    const settings = { ...own, ...kinds[image], name } as SeededPackage;
    await (image === "closed"
      ? world.sandbox.github.packages.seed([settings])
      : world.sandbox.github.packages.set(name, settings));
  }
  return name;
}

async function logIn({ token, secret = "canary-token", login }: Setting): Promise<void> {
  const own: Token = { kind: "actions", repository: repository.fullName, permissions };
  world.sandbox.github.tokens.set(secret, token?.(repository.fullName) ?? own);
  const auth = Buffer.from(`kim:${login === "wrong" ? "canary-wrong" : secret}`).toString("base64");
  const auths = login === "none" ? {} : { [world.sandbox.addresses.registry]: { auth } };
  await writeFile(join(dockerConfig, "config.json"), JSON.stringify({ auths }));
  Object.assign(process.env, { DOCKER_CONFIG: dockerConfig, GITHUB_TOKEN: secret });
}

/** Plans a release of images and runs its preflight, as the program does. */
async function told(
  kind: RunKind,
  names: readonly string[],
  { commit = repository.commits[2], isGitHubs = true } = {},
): Promise<ProgramRun> {
  const { registry } = world.sandbox.addresses;
  const images = names.map((name, at) => ({ name: `image-${at}`, repository: `${registry}/${name}` }));
  const project = plannedProject({
    config: {
      repository: repository.fullName,
      image: undefined,
      images,
      packages: { registry: isGitHubs ? registry : "ghcr.io" },
    },
    workTree: { commit },
    run: { preview: kind === "preview" },
  });
  return programRun(kind, async () => {
    const plans = await Promise.all(
      project.units.map(async (unit) => {
        const published = await observeUnit(questionOf(project, unit, {}));
        const web = gitHubWeb();
        return planRelease({ project, unit, published, assets: [], sourceHashes: {}, web, before: undefined });
      }),
    );
    await preflight(project, plans);
  });
}

describe.each(causes)("preflight, when $cause", (cause) => {
  const { preview, code, words, meaning, way } = cause;
  const runs: Partial<Record<RunKind, ProgramRun>> = {};
  let mark: number;
  let page: string;

  beforeAll(async () => {
    const name = await packageOf(cause.image ?? "open");
    page = `${world.sandbox.addresses.web}/orgs/acme/packages/container/${name.slice("acme/".length)}/settings`;
    await logIn(cause);
    mark = world.sandbox.journal.mark();
    cause.arm?.(name);
    runs.preview = await told("preview", [name], cause);
    runs.up = await told("up", [name], cause);
    world.sandbox.registry.limit("uploads", 0);
  });

  it.each(["preview", "up"] as const)("%s says so in the server's words, what they mean and what fixes it", (kind) => {
    const output = runs[kind]?.output;
    expect(output).toContain(words);
    expect(output).toContain(meaning);
    expect(output).toContain(way.replace("PACKAGE", page));
  });

  it(`a preview ${preview}`, () => {
    expect(runs.preview?.stops ? "stops" : "warns", runs.preview?.output).toBe(preview);
    expect(runs.preview?.output).toContain(preview === "warns" ? "cannot be known here" : `failed [${code}]`);
  });

  it("`up` refuses, and nothing is written", () => {
    expect(runs.up?.stops).toBe(true);
    expect(new Set(runs.up?.output.match(/failed \[[A-Z_]+\]/g))).toEqual(new Set([`failed [${code}]`]));
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });

  it.each(["preview", "up"] as const)("%s shows no stack, no bare 403 and no secret", (kind) => {
    expect(runs[kind]?.output).not.toMatch(/^\s+at /m);
    expect(runs[kind]?.output).not.toMatch(/403:? Forbidden|received 403|\b403\s*$/m);
    expect(runs[kind]?.output).not.toMatch(/canary/);
  });
});

describe("preflight, when one of several packages accepts a push", () => {
  const runs: Partial<Record<RunKind, ProgramRun>> = {};
  let names: { open: string; locked: string; other: string };
  let mark: number;

  beforeAll(async () => {
    names = { open: await packageOf("open"), locked: await packageOf("locked"), other: "other/app" };
    await world.sandbox.github.packages.seed([
      { name: names.other, visibility: "public", repository: null, actions: {} },
    ]);
    await logIn({});
    mark = world.sandbox.journal.mark();
    const notPushed = "c0ffee0123456789c0ffee0123456789c0ffee01";
    runs.preview = await told("preview", Object.values(names), { commit: notPushed });
    runs.up = await told("up", Object.values(names), { commit: notPushed });
  });

  it.each(["preview", "up"] as const)("%s names the package that would refuse, its page and its switch", (kind) => {
    const { registry, web } = world.sandbox.addresses;
    const { stops, output } = runs[kind] ?? { stops: false, output: "" };
    expect(stops, output).toBe(true);
    expect(output).toContain("checking write access to all 3 repositories failed [DENIED]");
    expect(output).toContain(`${registry}/${names.locked}: DENIED: permission_denied: write_package`);
    expect(output).toContain(`${web}/orgs/acme/packages/container/${names.locked.replace("acme/", "")}/settings`);
    expect(output).toContain("Manage Actions access");
    expect(output).toContain("nothing was built, nothing was pushed");
    expect(output).not.toContain(`${registry}/${names.open}: DENIED`);
  });

  it("`up` alone names the package of another owner: a preview's token says nothing of the release's", () => {
    const words = `${names.other}: DENIED: permission_denied: The requested installation does not exist`;
    expect(runs.up?.output).toContain(words);
    expect(runs.preview?.output).not.toContain(words);
  });

  it("`up` names in the same run what else would stop it: a commit that was not pushed", () => {
    expect(runs.up?.output).toMatch(/git commit.*is not in acme\/widgets-\d+ on GitHub[^]*DENIED: permission_denied/);
  });

  it("writes nothing; each session that was opened stands apart", () => {
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
    expect(world.sandbox.journal.probes(mark).filter(({ status }) => status === 202)).not.toEqual([]);
  });
});

describe("preflight, when the package is new and the right is there", () => {
  it("calls it new and asks nothing: a session might leave an empty package", async () => {
    const name = await packageOf("new");
    await logIn({});
    const mark = world.sandbox.journal.mark();
    const { stops, output } = await told("preview", [name]);
    expect(stops, output).toBe(false);
    expect(output).toContain(`${name}: a new package; its source label links it to ${repository.fullName}`);
    expect(world.sandbox.journal.probes(mark)).toEqual([]);
  });
});

describe("preflight, when the right is there", () => {
  it.each(["preview", "up"] as const)("lets %s go on, and says who sees the package", async (kind) => {
    const name = await packageOf("open");
    await logIn({});
    const { stops, output } = await told(kind, [name]);
    expect(stops, output).toBe(false);
    expect(output).toContain(`${name}: public, linked to ${repository.fullName}, accepts a push`);
  });
});
