import { afterEach, describe, expect, it } from "vitest";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { actingAs } from "../acting-as.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("immutable-releases");

async function declared(enabled = true): Promise<{ repository: string; enabled: boolean }> {
  return { repository: (await world.repository()).fullName, enabled };
}

const settingOf = ({ repository }: { repository: string }) => world.sandbox.github.settings.repository(repository);
const ofTheOwner = (enforced: "all" | "none") => {
  world.sandbox.github.settings.organization("acme").immutableReleases.enforced = enforced;
};
const writes = (mark: number): string[] =>
  world.sandbox.journal.writes(mark, { door: "github" }).map(({ method, status }) => `${method} ${status}`);
afterEach(() => ofTheOwner("none"));

describe("immutableReleasesProvider, when Releases are declared immutable", () => {
  it("switches it on, once", async () => {
    const inputs = await declared();
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect([settingOf(inputs).immutableReleases, writes(mark)]).toEqual([true, ["PUT 204"]]);
  });
  it("has the repository as id, and says who decided", async () => {
    const inputs = await declared();
    expect(await host.create(inputs)).toEqual({
      id: inputs.repository,
      outs: { kind: "immutable-releases", ...inputs, enforcedByOwner: false },
    });
  });
  it("writes nothing where it is so already", async () => {
    const inputs = await declared();
    settingOf(inputs).immutableReleases = true;
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(writes(mark)).toEqual([]);
  });
  it("writes nothing where the organization asks for it, and says so", async () => {
    const inputs = await declared();
    ofTheOwner("all");
    const mark = world.sandbox.journal.mark();
    const { outs } = await host.create(inputs);
    expect([writes(mark), outs["enforcedByOwner"]]).toEqual([[], true]);
  });
  it("is another resource in another repository, and no other by its value", async () => {
    const inputs = await declared();
    expect([
      await host.diff(inputs, { ...inputs, repository: "acme/other" }),
      await host.diff(inputs, { ...inputs, enabled: false }),
    ]).toEqual([{ replaces: ["repository"] }, {}]);
  });
});

describe("immutableReleasesProvider, when they are declared not to be", () => {
  it("switches it off", async () => {
    const inputs = await declared(false);
    settingOf(inputs).immutableReleases = true;
    await host.create(inputs);
    expect(settingOf(inputs).immutableReleases).toBe(false);
  });
  it("tells page and key where the organization asks for them", async () => {
    const inputs = await declared(false);
    ofTheOwner("all");
    const { parts } = await releaseErrorOf(host.create(inputs));
    expect(parts).toMatchObject({
      code: "REFUSED_BY_RULE",
      step: `no longer making new Releases of ${inputs.repository} immutable`,
      reason: expect.stringContaining("Conflict (status 409 to DELETE "),
      meaning: expect.stringContaining("The organization decides"),
      fix: expect.stringMatching(/Organization Settings → .*`immutableReleases: true`/),
    });
  });
});

describe("immutableReleasesProvider, when someone switched it", () => {
  it("shows it, and switches it back", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    settingOf(inputs).immutableReleases = false;
    expect((await host.read(outs)).inputs).toMatchObject({ enabled: false });
    await host.update(outs, inputs);
    expect(settingOf(inputs).immutableReleases).toBe(true);
  });
  it("is unchanged where nobody did", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    const mark = world.sandbox.journal.mark();
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: { kind: "immutable-releases", ...inputs } });
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });
});

describe("immutableReleasesProvider, when its resource is deleted", () => {
  it("takes no protection away", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    await host.delete(outs);
    expect(settingOf(inputs).immutableReleases).toBe(true);
  });
});

describe("immutableReleasesProvider, when its repository is gone", () => {
  it("is gone with it", async () => {
    expect(await host.read({ repository: "acme/nowhere", enabled: true })).toEqual({});
  });
  it.each([true, false])("is an error as long as it is declared: %j", async (enabled) => {
    expect((await releaseErrorOf(host.create({ repository: "acme/nowhere", enabled }))).code).toBe("NOT_FOUND");
  });
});

describe("immutableReleasesProvider, when the setting cannot be read", () => {
  it.each([401, 403, 500])("keeps the state where GitHub says %i", async (status) => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    const path = /immutable-releases/;
    world.sandbox.faults.add({ door: "github", method: "GET", path, when: "before", times: Infinity, act: { status } });
    expect((await releaseErrorOf(host.read(outs))).parts.step).toMatch(/^checking: /);
  });
  it.each([401, 403, 451, 500])("keeps the state where GitHub says %i of the repository", async (status) => {
    const path = /\/repos\/acme\/nowhere$/;
    world.sandbox.faults.add({ door: "github", method: "GET", path, when: "before", times: Infinity, act: { status } });
    const { parts } = await releaseErrorOf(host.read({ repository: "acme/nowhere", enabled: true }));
    expect(parts.reason).toContain(`status ${status}`);
  });
  it("does not take a scope that lacks for one that is switched off", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    actingAs(world, { kind: "classic", login: "ada", scopes: ["gist"] });
    const { code, parts } = await releaseErrorOf(host.read(outs));
    expect([code, parts.fix.split("\n", 1)[0]]).toEqual([
      "NOT_FOUND",
      "Set GITHUB_TOKEN to a classic token with the scope `repo` (this one has gist).",
    ]);
  });
});
