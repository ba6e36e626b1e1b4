import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Token } from "../../sandbox/github/api/token.ts";
import { registryClient } from "../sandbox/registry-client.ts";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

const { registry, web } = sandbox.addresses;
const permissions = { contents: "write", packages: "write" } as const;
const workflow: Token = { kind: "actions", repository: "acme/causes", permissions };
const classic = { kind: "classic", login: "kim" } as const;

/** What a run has and meets. */
interface Setting {
  /** The package. Default `acme/open`, which everybody may read and the workflow may push to. */
  image?: `acme/${string}`;
  /** What the run has. Default the workflow's token. */
  token?: Token;
  /** The token's secret, where its form matters. */
  secret?: string;
  /** What Docker has instead of that token: no login, or a password that the registry does not know. */
  login?: "none" | "wrong";
  /** Arms what the run meets. */
  arm?: () => void;
  /** Takes it away. */
  disarm?: () => void;
}

/**
 * One cause of a refused push, as it is set up and as it must be told. push-access.test.ts has three more: another owner's package, a token
 * that may only read, and a package that does not know the repository.
 */
interface Cause extends Setting {
  cause: string;
  /** What a preview does: it warns where another login may run `up`, and else stops as `up` does. */
  preview: "warns" | "stops";
  /** Of the error of `up`. */
  code: string;
  /** The registry's own words. */
  words: string;
  /** What they mean. */
  meaning: string;
  /** The page, switch, permission or command that mends it. */
  way: string;
}

const everyHead = { door: "registry", method: "HEAD", path: /./, when: "before", times: Infinity } as const;
const everyPackage = { door: "github", method: "GET", path: /\/packages\//, when: "before", times: Infinity } as const;
const limited = { code: "RATE_LIMITED", meaning: "This is not a missing permission.", way: "Wait a few minutes" };

const causes: Cause[] = [
  {
    cause: "the token is an App's",
    token: { kind: "app", login: "robot[bot]", permissions },
    preview: "warns",
    code: "DENIED",
    words: "DENIED: installation not allowed to Write organization package",
    meaning: "or it is an App's token",
    way: "Give the job `permissions: packages: write` and use GITHUB_TOKEN or a classic token.",
  },
  {
    cause: "a classic token lacks `write:packages`",
    token: { ...classic, scopes: ["repo", "read:packages"] },
    preview: "warns",
    code: "DENIED",
    words: "DENIED: permission_denied: The token provided does not match expected scopes",
    meaning: "the scope `write:packages` is missing",
    way: "Use a classic token with `write:packages`",
  },
  {
    cause: "the token is fine-grained",
    token: { kind: "fine-grained", login: "kim", permissions },
    secret: "github_pat_canary",
    preview: "warns",
    code: "DENIED",
    words: "the login is a fine-grained token, and GitHub's registry accepts none",
    meaning: "or it is fine-grained",
    way: "Fine-grained tokens cannot write packages.",
  },
  {
    cause: "the token is fine-grained, and the package is new",
    image: "acme/newest",
    token: { kind: "fine-grained", login: "kim", permissions },
    secret: "github_pat_canary",
    preview: "warns",
    code: "DENIED",
    words: "the login is a fine-grained token, and GitHub's registry accepts none",
    meaning: "or it is fine-grained",
    way: "Fine-grained tokens cannot write packages.",
  },
  {
    cause: "nobody is logged in, and everybody may read the package",
    login: "none",
    preview: "warns",
    code: "CREDENTIALS_MISSING",
    words: `Docker has no login for ${registry}`,
    meaning: "would be refused",
    way: "Log in first: `docker login REGISTRY`",
  },
  {
    cause: "the registry's token service refuses the login, and the package is private",
    image: "acme/closed",
    login: "wrong",
    preview: "warns",
    code: "CREDENTIALS_REFUSED",
    words: "token endpoint: DENIED: denied",
    meaning: "the package is private or does not exist for this login",
    way: "Check `docker login REGISTRY`, and that the account may read the package.",
  },
  {
    cause: "the registry answers 403 without a word to every HEAD",
    image: "acme/locked",
    arm: () => void sandbox.faults.add({ ...everyHead, act: { status: 403 } }),
    disarm: () => sandbox.faults.clear(),
    preview: "stops",
    code: "DENIED",
    words: "DENIED: permission_denied: write_package",
    meaning: "The credentials are valid but cannot write to this package.",
    way: `${web}/orgs/acme/packages/container/locked/settings`,
  },
  {
    cause: "GitHub's API limits the rate",
    arm: () => {
      const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
      sandbox.faults.add({ ...everyPackage, act: { status: 403, body: { message } } });
    },
    disarm: () => sandbox.faults.clear(),
    preview: "stops",
    words: "You have exceeded a secondary rate limit.",
    ...limited,
  },
  {
    cause: "the registry takes no more uploads in this minute",
    arm: () => sandbox.registry.limit("uploads", Infinity),
    disarm: () => sandbox.registry.limit("uploads", 0),
    preview: "stops",
    words: "TOOMANYREQUESTS: retry-after: 10.305464ms, allowed: 2000/minute",
    ...limited,
  },
];

let project: Project;

/** Previews and releases one image. */
async function runs(
  { image = "acme/open", token = workflow, secret = "canary-token", login, arm, disarm }: Setting,
  mark: { journal: number; builds: number },
): Promise<Record<"preview" | "up", Run>> {
  sandbox.github.tokens.set(secret, token);
  await project.useCredentials({ github: secret, registry: login === "wrong" ? "canary-wrong" : secret });
  if (login === "none") {
    const config = join(project.environment["DOCKER_CONFIG"] ?? "", "config.json");
    await writeFile(config, JSON.stringify({ auths: {} }));
  }
  await project.configure({
    repository: "acme/causes",
    image: { repository: `${registry}/${image}`, platforms: ["linux/amd64"] },
    signing: "off",
    packages: { registry },
  });
  arm?.();
  try {
    const preview = await project.preview();
    // A preview that goes on builds, to see whether the Dockerfile does; what follows must not.
    mark.builds = await builds();
    return { preview, up: await project.up() };
  } finally {
    disarm?.();
  }
}

async function builds(): Promise<number> {
  return (await sandbox.builder?.history())?.length ?? -1;
}

beforeAll(async () => {
  const { packages } = sandbox.github;
  await packages.setOwner("acme", { type: "organization" });
  const client = registryClient(sandbox);
  for (const name of ["acme/open", "acme/locked"]) {
    await client.pushImage(name, "0.1.0", name);
  }
  await packages.set("acme/open", { repository: "acme/causes", actions: { "acme/causes": "write" } });
  await packages.set("acme/locked", { repository: null, actions: {} });
  await packages.seed([{ name: "acme/closed", visibility: "private" }]);
  project = await makeProject(sandbox, "causes");
  await project.commit("v1.0.0");
}, 120_000);

describe.each(causes)("the preflight, when $cause", (cause) => {
  const { preview, code, words, meaning, way } = cause;
  let told: Record<"preview" | "up", Run>;
  const mark = { journal: 0, builds: 0 };
  beforeAll(async () => {
    mark.journal = sandbox.journal.mark();
    told = await runs(cause, mark);
  }, 120_000);

  it.each(["preview", "up"] as const)("%s says so in the server's words, what they mean and what mends it", (kind) => {
    const { output } = told[kind];
    expect(output).toContain(words);
    expect(output).toContain(meaning);
    expect(output).toContain(way);
  });

  it(`a preview ${preview}`, () => {
    const { exitCode, output } = told.preview;
    expect(exitCode === 0 ? "warns" : "stops", output).toBe(preview);
    expect(output).toContain(preview === "warns" ? "cannot be known here" : `failed [${code}]`);
  });

  it("`up` refuses before anything is built or written", async () => {
    const { exitCode, output } = told.up;
    expect(exitCode, output).not.toBe(0);
    expect(new Set(output.match(/failed \[[A-Z_]+\]/g))).toEqual(new Set([`failed [${code}]`]));
    expect(await builds()).toBe(mark.builds);
    expect(sandbox.journal.writes(mark.journal)).toEqual([]);
  });

  it.each(["preview", "up"] as const)("%s shows no stack, no bare 403 and no secret", (kind) => {
    expect(told[kind].output).not.toMatch(/^\s+at /m);
    expect(told[kind].output).not.toMatch(/403:? Forbidden|received 403|\b403\s*$/m);
    expect(told[kind].output).not.toMatch(/canary/);
  });
});

describe("the preflight, when the organization lets no one make packages and the package is new", () => {
  let told: Record<"preview" | "up", Run>;
  const mark = { journal: 0, builds: 0 };
  beforeAll(async () => {
    const creation = { public: false, internal: false, private: false };
    await sandbox.github.packages.setOwner("acme", { creation });
    mark.journal = sandbox.journal.mark();
    told = await runs({ image: "acme/new" }, mark);
  }, 120_000);

  it("a preview calls it new and asks nothing: a session might leave an empty package", () => {
    expect(told.preview.exitCode, told.preview.output).toBe(0);
    expect(told.preview.output).toContain(`${registry}/acme/new: a new package; its source label links it to`);
  });

  it("`up` ends at the push in the registry's words, with what they mean, permission and switch", () => {
    const { exitCode, output } = told.up;
    expect(exitCode, output).not.toBe(0);
    expect(output).toContain("failed [DENIED]");
    expect(output).toContain("installation not allowed to Create organization package");
    expect(output).toContain("The workflow's token may not create a package in this organization.");
    expect(output).toContain("Give the job `permissions: packages: write`.");
    expect(output).toContain("organization Settings → Packages → Package Creation");
    expect(output).not.toMatch(/^\s+at /m);
    expect(output).not.toMatch(/canary/);
  });

  it("nothing is there afterwards: no package, no tag, no Release", () => {
    expect(sandbox.github.packages.find("acme/new")).toBeUndefined();
    expect(sandbox.journal.writes(mark.journal).filter(({ status }) => status < 400)).toEqual([]);
  });
});
