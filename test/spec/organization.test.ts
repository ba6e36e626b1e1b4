import { describe, expect, it } from "vitest";
import { isOrganization, readOrganization } from "../../spec/organization.ts";

function read(values: Record<string, unknown>) {
  const config = Object.entries(values).map(([key, value]) => [
    `lockstep:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return readOrganization(Object.fromEntries(config) as Record<string, string>, { TEAM: "12" });
}

describe("when the configuration of an organization is read", () => {
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

  it("is least privilege by default", () => {
    const { spec } = read({ organization: "acme", workflows: {} });
    expect(spec?.workflows).toEqual({
      permissions: "read",
      approvePullRequests: false,
      actions: "all",
      patterns: [],
      gitHubOwned: true,
      verified: false,
      pinned: true,
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

describe("when values are wrong", () => {
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
    expect(read({ organization: "acme", units: [] }).mistakes).toMatchObject([
      { path: "units", example: "one of organization, packages, workflows, repositories" },
    ]);
  });

  it("refuses two entries for one repository, whatever the case of its letters", () => {
    const { spec, mistakes } = read({ organization: "acme", repositories: [{ names: ["a"] }, { names: ["b", "A"] }] });
    expect(spec).toBeUndefined();
    expect(mistakes).toMatchObject([{ path: "repositories[1].names[1]", value: "A" }]);
  });
});
