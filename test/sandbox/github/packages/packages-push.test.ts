import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClassicToken, Token } from "../../../../sandbox/github/api/token.ts";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { digestOf, manifestType, registryClient } from "../../registry-client.ts";
import { temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;

const sourceLabel = "org.opencontainers.image.source";
const maintainer: ClassicToken = { kind: "classic", login: "ada", scopes: ["write:packages", "delete:packages"] };
/** Ada as a member of acme who owns nothing there. */
const member: ClassicToken = { ...maintainer, roles: { acme: "write" } };
const run = (repository: string, packages: "read" | "write" = "write"): Token => ({
  kind: "actions",
  repository,
  permissions: { contents: "read", packages },
});
let count = 0;
/** A client with a token of its own. */
const as = (token: Token): ReturnType<typeof registryClient> => {
  const secret = `secret-${++count}`;
  sandbox.github.tokens.set(secret, token);
  return registryClient({ addresses: sandbox.addresses, environment: { GITHUB_TOKEN: secret } });
};
/** What the first write of a push is answered. */
const probe = async (token: Token, repository: string): Promise<[number, unknown]> => {
  const client = as(token);
  const bearer = await client.bearer([`repository:${repository}:pull,push`]);
  const answer = await client.send("POST", `/v2/${repository}/blobs/uploads/`, bearer);
  return [answer.status, answer.status === 202 ? "" : await answer.json()];
};
const denied = (message: string) => [403, { errors: [{ code: "DENIED", message }] }];

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  await sandbox.github.createRepository("acme/widgets");
  await sandbox.github.createRepository("acme/gadgets");
  await sandbox.github.createRepository("other/widgets");
  await sandbox.github.packages.seed([{ name: "acme/theirs" }, { name: "ada/own" }]);
});
afterAll(() => forget());

describe("the sandbox's packages, when a push is refused", () => {
  it.each<[string, Token, string, string]>([
    [
      "a classic token without write:packages",
      { kind: "classic", login: "ada", scopes: ["repo", "read:packages"] },
      "acme/theirs",
      "permission_denied: The token provided does not match expected scopes.",
    ],
    [
      "a fine-grained token",
      { kind: "fine-grained", login: "ada", permissions: { packages: "write" } },
      "acme/theirs",
      "permission_denied: The token provided does not match expected scopes.",
    ],
    ["a member who was given nothing on the package", member, "acme/theirs", "permission_denied: write_package"],
    [
      "a stranger who makes a package in the namespace",
      { ...maintainer, roles: {} },
      "acme/new",
      "permission_denied: create_package",
    ],
    [
      "GITHUB_TOKEN of a repository the package does not know",
      run("acme/widgets"),
      "acme/theirs",
      "permission_denied: write_package",
    ],
    [
      "GITHUB_TOKEN with packages: read, an existing package",
      run("acme/widgets", "read"),
      "acme/theirs",
      "installation not allowed to Write organization package",
    ],
    [
      "GITHUB_TOKEN with packages: read, a new package",
      run("acme/widgets", "read"),
      "acme/new",
      "installation not allowed to Create organization package",
    ],
    [
      "GITHUB_TOKEN in another namespace",
      run("acme/widgets"),
      "other/app",
      "permission_denied: The requested installation does not exist.",
    ],
    [
      "GITHUB_TOKEN in the namespace of a person",
      run("ada/tools", "read"),
      "ada/own",
      "permission_denied: write_package",
    ],
    [
      "an App's token, an existing package",
      { kind: "app", login: "robot[bot]", permissions: { packages: "write" } },
      "acme/theirs",
      "installation not allowed to Write organization package",
    ],
    [
      "an App's token, a new package",
      { kind: "app", login: "robot[bot]", permissions: { packages: "write" } },
      "acme/new",
      "installation not allowed to Create organization package",
    ],
    [
      "a token without a kind that only reads",
      { login: "visitor", push: false },
      "acme/theirs",
      "permission_denied: write_package",
    ],
  ])("tells %s why, at the first write", async (_, token, repository, message) => {
    sandbox.github.tokens.set("person", { kind: "classic", login: "ada", scopes: [] });
    expect(await probe(token, repository)).toEqual(denied(message));
  });
  it("marks the attempt as a probe", async () => {
    const mark = sandbox.journal.mark();
    await probe(run("acme/widgets"), "acme/theirs");
    expect([sandbox.journal.writes(mark), sandbox.journal.probes(mark).map(({ status }) => status)]).toEqual([
      [],
      [403],
    ]);
  });
  it("answers HEAD of a blob with a bare 403", async () => {
    const client = as(run("acme/widgets"));
    const bearer = await client.bearer(["repository:acme/theirs:pull,push"]);
    const answer = await client.send("HEAD", `/v2/acme/theirs/blobs/${digestOf("x")}`, bearer);
    expect([answer.status, await answer.text()]).toEqual([403, ""]);
  });
  it("answers a read of a private package with the registry's words", async () => {
    const client = as(run("acme/widgets"));
    const bearer = await client.bearer(["repository:acme/theirs:pull,push"]);
    const answer = await client.send("GET", "/v2/acme/theirs/manifests/1.0.0", bearer);
    expect([answer.status, await answer.json()]).toEqual(denied("permission_denied: read_package"));
  });
});

describe("the sandbox's packages, when a push is allowed", () => {
  it.each<[string, Token, string]>([
    ["a classic token of an owner, existing", maintainer, "acme/theirs"],
    ["a classic token of a member, new", member, "acme/new"],
    ["a classic token in its own namespace", { ...maintainer, roles: {} }, "ada/new"],
    ["GITHUB_TOKEN, new", run("acme/widgets"), "acme/new"],
  ])("lets %s begin", async (_, token, repository) => {
    expect(await probe(token, repository)).toEqual([202, ""]);
  });
  it("makes no package of a session that is never filled", async () => {
    await probe(run("acme/widgets"), "acme/probed");
    expect(sandbox.github.packages.find("acme/probed")).toBeUndefined();
  });
  it("answers the end of a session with 405, and counts both as probes", async () => {
    const client = as(maintainer);
    const bearer = await client.bearer(["repository:acme/probed:pull,push"]);
    const mark = sandbox.journal.mark();
    const opened = await client.send("POST", "/v2/acme/probed/blobs/uploads/", bearer);
    const ended = await client.send("DELETE", opened.headers.get("location") ?? "", bearer);
    expect([opened.status, ended.status]).toEqual([202, 405]);
    expect([sandbox.journal.writes(mark), sandbox.journal.probes(mark).length]).toEqual([[], 2]);
  });
});

describe("the sandbox's packages, when a package comes into being", () => {
  it("is private and nobody's repository's, pushed by a person without a label", async () => {
    await as(member).pushImage("acme/plain", "1.0.0", "plain");
    expect(sandbox.github.packages.find("acme/plain")).toMatchObject({
      visibility: "private",
      repository: null,
      inherits: false,
      actions: {},
      people: { ada: "admin" },
    });
  });
  it("is linked to the label's repository, which may write then", async () => {
    const labels = { [sourceLabel]: "https://github.com/Acme/Widgets" };
    await as(maintainer).pushImage("acme/labelled", "1.0.0", "labelled", { labels });
    expect(sandbox.github.packages.find("acme/labelled")).toMatchObject({
      repository: "acme/widgets",
      inherits: true,
      actions: { "acme/widgets": "write" },
    });
    expect(await probe(run("acme/widgets"), "acme/labelled")).toEqual([202, ""]);
  });
  it("is linked to the repository of an annotation", async () => {
    const annotations = { [sourceLabel]: "https://github.com/acme/gadgets.git" };
    await as(maintainer).pushImage("acme/annotated", "1.0.0", "annotated", { annotations });
    expect(sandbox.github.packages.find("acme/annotated")?.repository).toBe("acme/gadgets");
  });
  it.each([
    ["another owner's", "https://github.com/other/widgets"],
    ["a missing", "https://github.com/acme/missing"],
    ["another host's", "https://gitlab.com/acme/widgets"],
  ])("is not linked to %s repository", async (_, address) => {
    const name = `acme/unlinked-${++count}`;
    await as(maintainer).pushImage(name, "1.0.0", name, { labels: { [sourceLabel]: address } });
    expect(sandbox.github.packages.find(name)?.repository).toBeNull();
  });
  it("belongs to the repository whose run pushed it", async () => {
    await as(run("acme/widgets")).pushImage("acme/run", "1.0.0", "run");
    expect(sandbox.github.packages.find("acme/run")).toMatchObject({
      visibility: "private",
      repository: "acme/widgets",
      actions: { "acme/widgets": "admin" },
      people: {},
    });
    expect(await probe(run("acme/gadgets"), "acme/run")).toEqual(denied("permission_denied: write_package"));
  });
  it("stays linked as it is when another label is pushed", async () => {
    const labels = { [sourceLabel]: "https://github.com/acme/gadgets" };
    await as(maintainer).pushImage("acme/plain", "1.1.0", "later", { labels });
    expect(sandbox.github.packages.find("acme/plain")?.repository).toBeNull();
  });
  it("is public where the sandbox's own token pushes it", async () => {
    await registryClient(sandbox).pushImage("acme/own", "1.0.0", "own");
    expect(sandbox.github.packages.find("acme/own")?.visibility).toBe("public");
  });
  it("has the visibility that its owner's packages begin with", async () => {
    await sandbox.github.packages.setOwner("open", { newPackages: "public" });
    await as(maintainer).pushImage("open/app", "1.0.0", "open");
    expect(sandbox.github.packages.find("open/app")?.visibility).toBe("public");
  });
  it("is refused where the organization's policy forbids its visibility", async () => {
    await sandbox.github.packages.setOwner("strict", { creation: { private: false } });
    expect(await probe(run("strict/app"), "strict/app")).toEqual(
      denied("installation not allowed to Create organization package"),
    );
    expect(await probe(maintainer, "strict/app")).toEqual(denied("permission_denied: create_package"));
  });
});

describe("the sandbox's packages, when manifests are pushed", () => {
  it("makes a version of each digest, with the tags that point at it", async () => {
    const client = as(maintainer);
    const first = await client.pushImage("acme/versions", "1.0.0", "one");
    await client.pushImage("acme/versions", "latest", "one");
    const second = await client.pushImage("acme/versions", "latest", "two");
    const untagged = await client.pushImage("acme/versions", "", "three");
    const { versions = [] } = sandbox.github.packages.find("acme/versions") ?? {};
    expect(versions.map(({ digest, tags }) => [digest, tags])).toEqual([
      [first, ["1.0.0"]],
      [second, ["latest"]],
      [untagged, []],
    ]);
  });
  it("goes by the name after the first slash", async () => {
    await as(maintainer).pushImage("acme/charts/app", "1.0.0", "chart");
    expect(sandbox.github.packages.find("acme/charts/app")).toMatchObject({ owner: "acme", name: "charts/app" });
  });
});

describe("the sandbox's packages, when a person changes a package's settings", () => {
  it("lets the repository push that was given access", async () => {
    await sandbox.github.packages.set("acme/theirs", { actions: { "acme/gadgets": "write" } });
    expect(await probe(run("acme/gadgets"), "acme/theirs")).toEqual([202, ""]);
  });
  it("lets everybody read what was made public", async () => {
    await as(maintainer).pushImage("acme/shown", "1.0.0", "shown");
    const anonymous = () => as(maintainer).askToken(["repository:acme/shown:pull"], "");
    const before = await anonymous();
    await sandbox.github.packages.set("acme/shown", { visibility: "public" });
    expect([before.status, await before.json(), (await anonymous()).status]).toEqual([...denied("denied"), 200]);
  });
  it("lets the organization's runs read what is internal", async () => {
    await as(maintainer).pushImage("acme/inside", "1.0.0", "inside");
    await sandbox.github.packages.set("acme/inside", { visibility: "internal" });
    const statuses = ["acme/gadgets", "other/app"].map(async (repository) => {
      const client = as(run(repository, "read"));
      const bearer = await client.bearer(["repository:acme/inside:pull,push"]);
      const headers = { accept: manifestType };
      return (await client.send("GET", "/v2/acme/inside/manifests/1.0.0", bearer, { headers })).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 403]);
  });
  it("makes no public package private again", async () => {
    await expect(sandbox.github.packages.set("acme/own", { visibility: "private" })).rejects.toThrow(
      "acme/own: is public, and a public package cannot be made private again",
    );
  });
  it("finds no package that is not there", async () => {
    await expect(sandbox.github.packages.set("acme/none", {})).rejects.toThrow("acme/none: there is no such package");
  });
});

describe("the sandbox's packages, when the registry's rate is exceeded", () => {
  it.each([
    ["secondary", "POST", 403, "DENIED", "You have exceeded a secondary rate limit"],
    ["uploads", "POST", 429, "TOOMANYREQUESTS", "retry-after: 10.305464ms, allowed: 2000/minute"],
    ["pulls", "GET", 429, "TOOMANYREQUESTS", "retry-after: 1.16676ms, allowed: 44000/minute"],
  ] as const)("says so for %s once, then goes on", async (limit, method, status, code, message) => {
    const client = as(maintainer);
    const bearer = await client.bearer(["repository:acme/own:pull,push"]);
    const path = method === "POST" ? "/v2/acme/own/blobs/uploads/" : "/v2/acme/own/tags/list";
    sandbox.registry.limit(limit);
    const hit = await client.send(method, path, bearer);
    expect([hit.status, await hit.json()]).toEqual([status, { errors: [{ code, message }] }]);
    expect((await client.send(method, path, bearer)).ok).toBe(true);
  });
});

describe("the sandbox's packages, when someone without credentials pulls", () => {
  it("cannot tell a missing package from a private one", async () => {
    const client = as(maintainer);
    const answers = ["acme/missing", "acme/plain"].map(async (name) => {
      const answer = await client.askToken([`repository:${name}:pull`], "");
      return [answer.status, await answer.json()];
    });
    expect(await Promise.all(answers)).toEqual([denied("denied"), denied("denied")]);
  });
});

describe("the sandbox's packages, when all of the above is done", () => {
  it("kept to GitHub's description, and nothing failed", () => {
    expect(sandbox.violations()).toEqual([]);
  });
});
