import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { digestOf } from "../../registry-client.ts";
import { pushCommits, temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let commits: string[];
const releasesPath = "/repos/acme/widgets/releases";

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  const api = githubClient(sandbox);
  const { gitDir } = await sandbox.github.createRepository("acme/widgets", { description: "Widgets & more" });
  commits = await pushCommits(gitDir, 2);
  const { body } = await api.post(releasesPath, {
    tag_name: "app/v1.0.0",
    name: "App 1.0.0",
    body: "## Notes\n\n<!-- mark -->- one",
    draft: true,
  });
  await api.upload(body, "app.tgz", "x".repeat(1500));
  await api.patch(`${releasesPath}/${String(body["id"])}`, { draft: false });
  await api.post(releasesPath, { tag_name: "v1.1.0-rc.1", prerelease: true });
  await api.post(releasesPath, { tag_name: "v2.0.0", name: "Not yet", draft: true });
  await sandbox.github.createRepository("acme/inner", { private: true });
});
afterAll(() => forget());

const page = async (path: string) => {
  const answer = await fetch(sandbox.addresses.web + path);
  return { status: answer.status, url: answer.url, text: await answer.text() };
};

describe("the sandbox's web pages, when a person opens the releases of a repository", () => {
  it("shows published ones with their badges, and no draft", async () => {
    const { status, text } = await page("/acme/widgets/releases");
    expect(status).toBe(200);
    expect(text).toContain('App 1.0.0</a> <span class="badge latest">Latest</span>');
    expect(text).toContain('v1.1.0-rc.1</a> <span class="badge early">Pre-release</span>');
    expect(text).not.toContain("Not yet");
  });
  it("is led there from the repository's address", async () => {
    expect((await page("/acme/widgets")).url).toBe(`${sandbox.addresses.web}/acme/widgets/releases`);
  });
});

describe("the sandbox's web pages, when a person opens one release", () => {
  it("shows tag, commit, notes and assets with size and digest", async () => {
    const { text } = await page("/acme/widgets/releases/tag/app/v1.0.0");
    expect(text).toContain("<code>app/v1.0.0</code>");
    expect(text).toContain(`<code>${commits[1]?.slice(0, 7)}</code>`);
    expect(text).toContain("<h2>Notes</h2>\n<ul><li>one</li></ul>");
    expect(text).toContain('app.tgz</a></td><td class="size">1.5 kB</td>');
    expect(text).toContain(digestOf("x".repeat(1500)).replace("sha256:", ""));
  });
  it("hides comments of the notes", async () => {
    expect((await page("/acme/widgets/releases/tag/app/v1.0.0")).text).not.toContain("mark");
  });
  it("loads nothing from elsewhere and runs no script", async () => {
    const { text } = await page("/acme/widgets/releases/tag/app/v1.0.0");
    expect(text).not.toMatch(/<script|<img|<link rel="stylesheet"|url\(/);
  });
  it("is found as the latest one", async () => {
    expect((await page("/acme/widgets/releases/latest")).url).toMatch(/\/releases\/tag\/app\/v1\.0\.0$/);
  });
});

describe("the sandbox's web pages, when something is not public", () => {
  it.each([
    "/acme/widgets/releases/tag/v2.0.0",
    "/acme/inner/releases",
    "/acme/none",
    "/acme/widgets/releases/download/v2.0.0/x",
  ])("answers 404 for %s", async (path) => {
    expect((await page(path)).status).toBe(404);
  });
  it("leaves it out of the list of repositories", async () => {
    const { text } = await page("/");
    expect([text.includes("acme/widgets"), text.includes("acme/inner")]).toEqual([true, false]);
  });
});
