import { describe, expect, it } from "vitest";
import type { PackageAccessInputs } from "../../providers/package-access.ts";
import type { SeededPackage } from "../../sandbox/packages/package-control.ts";
import { connectedSandbox } from "../clients/connected-sandbox.ts";
import { engineHost } from "./engine-host.ts";
import { listedOrganization, listings } from "./listed-organization.ts";
import { releaseErrorOf } from "./release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("package-access");

/** A package `tools` that no other test has, and what is declared of it. */
async function declared(
  settings: Partial<SeededPackage>,
  declaration: Omit<PackageAccessInputs, "organization" | "name"> = { visibility: "private" },
): Promise<PackageAccessInputs> {
  return { organization: await listedOrganization(world, { tools: settings }), name: "tools", ...declaration };
}

describe("when the package is as declared", () => {
  it("is done, with organization and name as id", async () => {
    const inputs = await declared({});
    expect(await host.create(inputs)).toEqual({
      id: `${inputs.organization}/tools`,
      outs: { kind: "package-access", ...inputs },
    });
  });
  it("reads the same, and writes nothing", async () => {
    await world.sandbox.github.createRepository("acme/tools");
    const inputs = await declared({ repository: "acme/tools" }, { visibility: "private", repository: "Acme/Tools" });
    const mark = world.sandbox.journal.mark();
    const { outs } = await host.create(inputs);
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: outs });
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });
  it("compares nothing that is not declared", async () => {
    await world.sandbox.github.createRepository("acme/other");
    const inputs = await declared({ visibility: "internal", repository: "acme/other" }, {});
    const { outs } = await host.create(inputs);
    expect((await host.read(outs)).inputs).toEqual(outs);
  });
  it("is another resource for another package", async () => {
    const inputs = await declared({});
    expect([
      await host.diff(inputs, { ...inputs, name: "other" }),
      await host.diff(inputs, { ...inputs, organization: "other" }),
      await host.diff(inputs, { ...inputs, visibility: "public" }),
    ]).toEqual([{ replaces: ["name"] }, { replaces: ["organization"] }, {}]);
  });
});

describe("when the package differs", () => {
  it.each<[keyof PackageAccessInputs, PackageAccessInputs["visibility"] | undefined, string | undefined, string]>([
    ["visibility", "public", undefined, "private"],
    ["repository", undefined, "acme/tools", "none"],
  ])("shows %s alone", async (property, visibility, repository, found) => {
    const inputs = await declared({}, { ...(visibility ? { visibility } : {}), ...(repository ? { repository } : {}) });
    expect((await host.read({ ...inputs })).inputs).toEqual({ kind: "package-access", ...inputs, [property]: found });
  });
  it.each([
    [{ visibility: "public" as const }, "Danger Zone → Change visibility → public"],
    [{ repository: "acme/tools" }, "Manage Actions access → Add repository → acme/tools, role Write"],
  ])("names page and switch: %j", async (declaration, where) => {
    const inputs = await declared({}, declaration);
    const { code, parts } = await releaseErrorOf(host.create(inputs));
    const address = `${world.sandbox.addresses.web}/orgs/${inputs.organization}/packages/container/tools/settings`;
    expect([code, parts.fix]).toEqual(["PACKAGE_DIFFERS", expect.stringContaining(`${address} → ${where}`)]);
  });
  it("is done once a person has set it", async () => {
    const inputs = await declared({}, { visibility: "public" });
    await releaseErrorOf(host.create(inputs));
    await world.sandbox.github.packages.set(`${inputs.organization}/tools`, { visibility: "public" });
    expect((await host.create(inputs)).outs).toMatchObject(inputs);
  });
});

describe("when there is no such package", () => {
  it("is gone from the state", async () => {
    const inputs = await declared({});
    expect(await host.read({ ...inputs, name: "nothing" })).toEqual({});
  });
  it("says so, and how to go on", async () => {
    const inputs = await declared({});
    const { code, parts } = await releaseErrorOf(host.create({ ...inputs, name: "nothing" }));
    expect([code, parts.reason, parts.fix]).toEqual([
      "PACKAGE_DIFFERS",
      "nothing: existence is none, declared a package",
      "nothing: push it, or take it out of the configuration",
    ]);
  });
});

describe("when its resource is deleted", () => {
  it("leaves the package alone", async () => {
    const inputs = await declared({});
    const { outs } = await host.create(inputs);
    const mark = world.sandbox.journal.mark();
    await host.delete(outs);
    expect(world.sandbox.journal.since(mark, { door: "github" })).toEqual([]);
  });
});

describe("when it looks twice", () => {
  it("is answered 304", async () => {
    const inputs = await declared({});
    const mark = world.sandbox.journal.mark();
    const { outs } = await host.create(inputs);
    await host.read(outs);
    expect(listings(world, mark, inputs.organization)).toEqual([200, 304]);
  });
  it.each([400, 401, 403, 404, 500])("keeps the state where GitHub says %i", async (status) => {
    const inputs = await declared({});
    const { outs } = await host.create(inputs);
    const act = { status, body: { message: "no" } };
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /packages/,
      when: "before",
      times: Infinity,
      act,
    });
    expect((await releaseErrorOf(host.read(outs))).parts.step).toBe(
      `looking at: holding the package ${inputs.organization}/tools against what is declared`,
    );
  });
});
