import { describe, expect, it } from "vitest";
import { isOrganization, readOrganization } from "../../../config/organization/organization.ts";

function read(values: Record<string, unknown>) {
  const config = Object.entries(values).map(([key, value]) => [
    `lockstep:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return readOrganization(Object.fromEntries(config) as Record<string, string>, { TEAM: "12" });
}

const topKeys =
  "one of organization, packages, workflows, immutableTags, releaseProtection, freeze, immutableReleases, repositories";

describe("readOrganization, when the configuration of an organization is read", () => {
  it("is known by its first key", () => {
    expect([isOrganization({ "lockstep:organization": "acme" }), isOrganization({ "lockstep:image": "x" })]).toEqual([
      true,
      false,
    ]);
  });

  it("touches nothing that is left out", () => {
    expect(read({ organization: "acme", repositories: [{ names: ["widgets"] }] })).toEqual({
      spec: { organization: "acme", repositories: [{ names: ["widgets"], environments: [] }] },
      mistakes: [],
    });
  });

  it("fills in the presets", () => {
    const settings = {
      names: ["widgets"],
      immutableTags: { tags: ["v*"] },
      releaseProtection: {},
      freeze: { present: true },
    };
    expect(read({ organization: "acme", repositories: [settings] }).spec?.repositories[0]).toMatchObject({
      immutableTags: { tags: ["v*"], bypass: [], enforcement: "active" },
      releaseProtection: { branches: ["~DEFAULT_BRANCH"], reviews: 1, checks: [], bypass: [], enforcement: "active" },
      freeze: { name: "release freeze", present: true, branches: ["~DEFAULT_BRANCH"], bypass: [] },
    });
  });
});

describe("readOrganization, when a freeze has a name", () => {
  const named = (name: string) => ({ present: true, name });

  it.each(["immutable tags", "Release Protection", " IMMUTABLE tags"])("is refused as another preset's: %j", (name) => {
    const repositories = [{ names: ["widgets"], freeze: named(name) }];
    const { spec, mistakes } = read({ organization: "acme", freeze: named(name), repositories });
    const reason = "is the name of another preset's ruleset";
    expect([spec, mistakes]).toMatchObject([
      undefined,
      [
        { path: "freeze.name", value: name, reason },
        { path: "repositories[0].freeze.name", value: name, reason },
      ],
    ]);
  });

  it("may have any other", () => {
    const { spec, mistakes } = read({ organization: "acme", freeze: named("immutable tags of the holidays") });
    expect([mistakes, spec?.freeze?.name]).toEqual([[], "immutable tags of the holidays"]);
  });
});

describe("readOrganization, when something holds for many repositories", () => {
  it("holds for all of them unless told otherwise", () => {
    const presets = { immutableTags: { tags: ["v*"] }, releaseProtection: {}, freeze: { present: true } };
    expect(read({ organization: "acme", ...presets }).spec).toMatchObject({
      immutableTags: { tags: ["v*"], bypass: [], enforcement: "active", repositories: ["~ALL"] },
      releaseProtection: { branches: ["~DEFAULT_BRANCH"], reviews: 1, repositories: ["~ALL"] },
      freeze: { name: "release freeze", present: true, repositories: ["~ALL"] },
    });
  });

  it("takes patterns of names", () => {
    const repositories = ["service-*", "widgets", "[a-c]?*"];
    const { spec, mistakes } = read({ organization: "acme", immutableTags: { tags: ["v*"], repositories } });
    expect([mistakes, spec?.immutableTags?.repositories]).toEqual([[], repositories]);
  });

  it.each([
    ["all", { enforced: "all", repositories: [] }],
    ["none", { enforced: "none", repositories: [] }],
    [["widgets", "Gadgets"], { enforced: "selected", repositories: ["widgets", "Gadgets"] }],
  ])("says whose Releases are immutable: %j", (immutableReleases, meant) => {
    expect(read({ organization: "acme", immutableReleases }).spec?.immutableReleases).toEqual(meant);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ["no pattern", { immutableTags: { tags: ["v*"], repositories: [] } }, ["immutableTags.repositories"]],
    [
      "names with an owner, other words with ~, blanks",
      { freeze: { present: true, repositories: ["acme/widgets", "~DEFAULT_BRANCH", "two words", "ok"] } },
      ["freeze.repositories[0]", "freeze.repositories[1]", "freeze.repositories[2]"],
    ],
    ["a key that is none", { releaseProtection: { repository: "widgets" } }, ["releaseProtection.repository"]],
    ["a switch", { immutableReleases: "true" }, ["immutableReleases"]],
    ["no name", { immutableReleases: [] }, ["immutableReleases"]],
    ["names with an owner", { immutableReleases: ["widgets", "acme/gadgets"] }, ["immutableReleases[1]"]],
    ["patterns", { immutableReleases: ["service-*"] }, ["immutableReleases[0]"]],
    ["a name twice", { immutableReleases: ["widgets", "gadgets", "Widgets"] }, ["immutableReleases[2]"]],
  ])("refuses %s, with the path", (_, values, paths) => {
    const { spec, mistakes } = read({ organization: "acme", ...values });
    expect([spec, mistakes.map(({ path }) => path)]).toEqual([undefined, paths]);
  });

  it("says what would do", () => {
    expect(read({ organization: "acme", immutableReleases: "some" }).mistakes).toEqual([
      {
        path: "immutableReleases",
        value: "some",
        reason: "must be `all`, `none`, or a list of at least one repository's name",
        example: "`all`",
      },
    ]);
  });
});

describe("readOrganization, when a repository says that its Releases are not immutable", () => {
  const repositories = [{ names: ["tools", "widgets"], immutableReleases: false }];

  it.each([["all"], [["Widgets"]]])("is refused where the organization asks for them: %j", (immutableReleases) => {
    const { spec, mistakes } = read({ organization: "acme", immutableReleases, repositories });
    expect([spec, mistakes]).toMatchObject([
      undefined,
      [
        {
          path: "repositories[0].immutableReleases",
          value: false,
          reason: expect.stringContaining("no repository can differ"),
        },
      ],
    ]);
  });

  it.each([["none"], [["gadgets"]]])("is taken where it does not: %j", (immutableReleases) => {
    expect(read({ organization: "acme", immutableReleases, repositories }).mistakes).toEqual([]);
  });

  it("may say that they are", () => {
    const own = [{ names: ["widgets"], immutableReleases: true }];
    expect(read({ organization: "acme", immutableReleases: "all", repositories: own }).mistakes).toEqual([]);
  });
});

describe("readOrganization, when workflows are declared", () => {
  const of = (ofAll: object | undefined, own: object) =>
    read({
      organization: "acme",
      ...(ofAll ? { workflows: ofAll } : {}),
      repositories: [{ names: ["widgets"], workflows: own }],
    });

  it("keeps to what is said: what is left out is not touched", () => {
    const { spec } = of({ permissions: "read" }, { actions: "selected", patterns: ["docker/*"] });
    expect([spec?.workflows, spec?.repositories[0]?.workflows]).toEqual([
      { permissions: "read" },
      { actions: "selected", patterns: ["docker/*"] },
    ]);
  });

  it.each([
    ["permissions", { permissions: "read" }, { permissions: "write" }, "`read`"],
    ["approvePullRequests", { permissions: "read" }, { permissions: "read", approvePullRequests: true }, "`false`"],
    ["actions", { actions: "local_only" }, { actions: "all" }, "`local_only`"],
  ])("refuses a repository that allows more than the organization: %s", (key, ofAll, own, example) => {
    expect(of(ofAll, own)).toEqual({
      spec: undefined,
      mistakes: [
        {
          path: `repositories[0].workflows.${key}`,
          value: (own as Record<string, unknown>)[key],
          reason: `allows more than the organization's \`workflows.${key}\`, and GitHub refuses that`,
          example: `${example}, or the same in the organization`,
        },
      ],
    });
  });

  it.each([undefined, {}, { actions: "all" }, { permissions: "write" }])(
    "lets a repository say what it wants where the organization's is %j",
    (ofAll) => {
      expect(of(ofAll, { permissions: "write", actions: "all" }).mistakes).toEqual([]);
    },
  );

  it.each([
    ["approvePullRequests", { approvePullRequests: true }, "is only allowed with `permissions`"],
    ["pinned", { pinned: true }, "is only allowed with `actions`"],
    ["patterns", { actions: "all", patterns: [] }, "is only allowed with `actions: selected`"],
    ["gitHubOwned", { gitHubOwned: false }, "is only allowed with `actions: selected`"],
    ["verified", { actions: "local_only", verified: true }, "is only allowed with `actions: selected`"],
    ["pinned", { actions: "all", pinned: false }, "can only be `true`: a person switches it off"],
  ])("refuses %s where GitHub would not be told of it: %j", (key, own, reason) => {
    expect(of(undefined, own).mistakes).toMatchObject([
      { path: `repositories[0].workflows.${key}`, reason: expect.stringContaining(reason) },
    ]);
  });
});

describe("readOrganization, when values are wrong", () => {
  const wrong = {
    organization: "acme/widgets",
    packages: { rules: [{ match: "*", visibility: "secret" }, { match: "Charts/*" }], exceptions: { Upper: {} } },
    repositories: [
      { names: ["acme/widgets"], environments: [{ name: "prod", wait: 50_000 }] },
      {
        names: [],
        immutableTags: { tags: [], bypass: [{ type: "Person", id: 1 }] },
        releaseProtection: { reviews: 11 },
      },
      { names: ["a", "A"], rulesets: true },
    ],
  };

  it("says all of them, each with its path", () => {
    expect(read(wrong).mistakes.map(({ path }) => path)).toEqual([
      "organization",
      "packages.rules[0].visibility",
      "packages.rules[1].match",
      "packages.exceptions.Upper",
      "repositories[0].names[0]",
      "repositories[0].environments[0].wait",
      "repositories[1].names",
      "repositories[1].immutableTags.tags",
      "repositories[1].immutableTags.bypass[0].type",
      "repositories[1].releaseProtection.reviews",
      "repositories[2].rulesets",
    ]);
  });

  it("says what is wrong with a package's name", () => {
    const mistake = read(wrong).mistakes.find(({ path }) => path === "packages.exceptions.Upper");
    expect(mistake?.reason).toBe("must be a package's name: lower case, without the organization");
  });

  it("offers the keys that there are", () => {
    const mistake = read(wrong).mistakes.find(({ path }) => path === "repositories[2].rulesets");
    expect(mistake?.example).toBe(
      "one of names, workflows, environments, oidcSubject, immutableTags, releaseProtection, freeze, immutableReleases",
    );
  });

  it("says that an unknown key of the top level is none", () => {
    expect(read({ organization: "acme", units: [] }).mistakes).toMatchObject([{ path: "units", example: topKeys }]);
  });

  it("refuses two entries for one repository, whatever the case of its letters", () => {
    const { spec, mistakes } = read({ organization: "acme", repositories: [{ names: ["a"] }, { names: ["b", "A"] }] });
    expect(spec).toBeUndefined();
    expect(mistakes).toMatchObject([{ path: "repositories[1].names[1]", value: "A" }]);
  });
});
