import { describe, expect, it } from "vitest";
import {
  declarationFor,
  packageDifferences,
  switchOf,
  switchPage,
} from "../../../formats/organization/package-declaration.ts";

const rules = [
  { match: "*-test", visibility: "private" as const },
  { match: "charts/*", repository: "acme/charts" },
  { match: "*", visibility: "public" as const },
];

describe("declarationFor", () => {
  it.each([
    ["app-test", "*-test"],
    ["app", "*"],
    ["charts/app", "charts/*"],
    [".hidden", "*"],
    ["charts/app/inner", undefined],
    ["other/app", undefined],
  ])("%s falls under %s", (name, match) => {
    expect(declarationFor(name, rules)).toEqual(rules.find((rule) => rule.match === match));
  });

  it("the first that fits holds", () => {
    expect(declarationFor("app-test", rules.toReversed())).toEqual(rules[2]);
  });

  it.each(["!app", "#app"])("a rule that begins with %s is a name and no command", (match) => {
    expect(declarationFor("other", [{ match }])).toBeUndefined();
  });
});

describe("packageDifferences", () => {
  const found = { name: "app", visibility: "private", repository: "acme/app" };

  it.each([
    [{}, []],
    [{ visibility: "private" as const, repository: "Acme/App" }, []],
    [
      { visibility: "public" as const },
      [{ name: "app", property: "visibility", declared: "public", found: "private" }],
    ],
    [
      { repository: "acme/other" },
      [{ name: "app", property: "repository", declared: "acme/other", found: "acme/app" }],
    ],
  ])("%j gives %j", (declared, differences) => {
    expect(packageDifferences(found, declared)).toEqual(differences);
  });

  it("says `none` where it is linked to no repository", () => {
    const [difference] = packageDifferences({ ...found, repository: undefined }, { repository: "acme/app" });
    expect(difference?.found).toBe("none");
  });

  it.each([
    ["visibility", "private", "Change visibility → wanted"],
    ["repository", "none", "Connect repository → wanted"],
    ["repository", "acme/old", "link it to wanted instead of acme/old"],
    ["existence", "none", "push it"],
  ] as const)("names the switch of %s, where it is %s", (property, shown, words) => {
    expect(switchOf({ name: "app", property, declared: "wanted", found: shown })).toContain(words);
  });

  it.each([
    ["visibility", "https://github.com/orgs/acme/packages/container/app/settings"],
    ["repository", "https://github.com/orgs/acme/packages/container/package/app"],
  ] as const)("names the page that has the switch of %s", (property, address) => {
    expect(switchPage({ property }, "https://github.com", true, { owner: "acme", name: "app" })).toBe(address);
  });
});
