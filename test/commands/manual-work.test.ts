import { beforeAll, describe, expect, it } from "vitest";
import { findManualWork } from "../../commands/manual-work.ts";
import { connectedSandbox } from "../clients/connected-sandbox.ts";

const world = connectedSandbox();
const registry = (): string => world.sandbox.addresses.registry;
const leftBy = (releasing: string, ...names: string[]): Promise<string[]> =>
  findManualWork({ repositories: names.map((name) => `${registry()}/${name}`), registry: registry(), releasing });
const left = (...names: string[]): Promise<string[]> => leftBy("acme/widgets", ...names);
const landing = (name: string): string =>
  `${world.sandbox.addresses.web}/orgs/acme/packages/container/package/${encodeURIComponent(name)}`;
const page = (name: string): string =>
  `${world.sandbox.addresses.web}/orgs/acme/packages/container/${encodeURIComponent(name)}/settings`;

beforeAll(async () => {
  const { createRepository, packages } = world.sandbox.github;
  await createRepository("acme/widgets");
  await createRepository("acme/hidden", { private: true });
  await packages.seed([
    { name: "acme/right", visibility: "public", repository: "acme/widgets" },
    { name: "acme/closed", repository: "acme/widgets" },
    { name: "acme/inner", repository: "acme/hidden" },
    { name: "acme/charts/loose", visibility: "public" },
  ]);
});

describe("findManualWork", () => {
  it("has nothing to say of one that everybody sees and that is linked", async () => {
    expect(await left("acme/right")).toEqual([]);
  });

  it("names a private one with its page and switch", async () => {
    const [line = "", ...more] = await left("acme/right", "acme/closed");
    expect(line).toMatch(new RegExp(`^${registry()}/acme/closed is private, and the repository is public: `));
    expect(line).toContain(`${page("closed")} → Danger Zone → Change visibility → Public`);
    expect(more).toEqual([]);
  });

  it("has nothing to say of a private one below a private repository", async () => {
    expect(await leftBy("acme/hidden", "acme/inner")).toEqual([]);
  });

  it("names one that is linked to no repository", async () => {
    const [line = ""] = await left("acme/charts/loose");
    expect(line).toContain(`${registry()}/acme/charts/loose is linked to no repository, not to acme/widgets. `);
    expect(line).toContain(`${landing("charts/loose")} → Connect repository → acme/widgets`);
  });

  it.each([page, landing])("names pages that are there", async (address) => {
    expect((await fetch(address("charts/loose"))).status).toBe(200);
  });

  it("says where to check what GitHub does not show to this token", async () => {
    expect(await left("acme/unseen")).toEqual([
      `check the visibility and the link of ${registry()}/acme/unseen, which GitHub does not show to this token: ${page("unseen")}`,
    ]);
  });

  it("asks the registry nothing, and writes nothing", async () => {
    const mark = world.sandbox.journal.mark();
    await left("acme/right", "acme/closed");
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
    expect(world.sandbox.journal.reads(mark, { door: "registry" })).toEqual([]);
    expect(world.sandbox.journal.reads(mark).length).toBe(3);
  });

  it("asks nobody of another registry", async () => {
    const mark = world.sandbox.journal.mark();
    const repositories = ["quay.io/acme/app"];
    expect(await findManualWork({ repositories, registry: registry(), releasing: "acme/widgets" })).toEqual([]);
    expect(world.sandbox.journal.reads(mark)).toEqual([]);
  });

  it.each([
    ["refuses to show the repository", { status: 403, body: { message: "Must have admin rights" } }, /Must have admin/],
    ["limits the rate", { status: 429, body: { message: "API rate limit exceeded" } }, /rate limit exceeded/],
    ["fails", { status: 503, body: { message: "Unicorn!" } }, /Unicorn!/],
  ])("says so where GitHub %s, in one line, and does not fail", async (_, act, words) => {
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /repos\/acme\/widgets$/,
      when: "before",
      times: Infinity,
      act,
    });
    const [line = "", ...more] = await left("acme/right");
    expect(line).toMatch(/^cannot be known, because reading the repository acme\/widgets failed: [^\n]+$/);
    expect(line).toMatch(words);
    expect(more).toEqual([]);
  });
});
