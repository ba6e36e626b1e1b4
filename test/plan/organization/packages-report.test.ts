import { describe, expect, it } from "vitest";
import { everyOther } from "../../../formats/organization/package-declaration.ts";
import { packagesReport, packagesTable } from "../../../plan/organization/packages-report.ts";

const spec = {
  organization: "acme",
  packages: {
    rules: [
      { match: "*-test", visibility: "private" as const },
      { match: "app*", visibility: "public" as const, repository: "acme/app" },
    ],
    exceptions: { "app-tools": { visibility: "internal" as const }, gone: {} },
  },
};
const listed = [
  { name: "zoo", visibility: "public", repository: undefined },
  { name: "app", visibility: "public", repository: "acme/app" },
  { name: "app-hidden", visibility: "private", repository: "acme/app" },
  { name: "app-stray", visibility: "public", repository: undefined },
  { name: "app-tools", visibility: "internal", repository: undefined },
];
const web = "https://github.com";
const all = { packages: listed, unknown: [], refusal: undefined };
const findings = packagesReport(spec, all, web);

describe("packagesReport", () => {
  it("comes in the order of what blocks a release", () => {
    expect(findings.map(({ name, result }) => [name, result])).toEqual([
      ["gone", "differs"],
      ["app-stray", "differs"],
      ["app-hidden", "differs"],
      ["zoo", "undeclared"],
      ["app", "as declared"],
      ["app-tools", "as declared"],
    ]);
  });

  it("takes an exception's word before the rules'", () => {
    expect(findings.find(({ name }) => name === "app-tools")?.differences).toEqual([]);
  });

  it.each([
    ["app-stray", "package/app-stray"],
    ["app-hidden", "app-hidden/settings"],
    ["app", "app/settings"],
  ])("names the page that has the switch: %s", (name, path) => {
    const page = findings.find((one) => one.name === name)?.page;
    expect(page).toBe(`https://github.com/orgs/acme/packages/container/${path}`);
  });

  it("names both pages where both differ", () => {
    const stray = { name: "app-1", visibility: "private", repository: "acme/old" };
    expect(packagesTable(packagesReport(spec, { ...all, packages: [stray] }, web))).toContain(
      "| https://github.com/orgs/acme/packages/container/app-1/settings<br>https://github.com/orgs/acme/packages/container/package/app-1 |",
    );
  });

  it("calls everything undeclared where nothing is declared", () => {
    const undeclared = packagesReport({ organization: "acme", packages: undefined }, all, web);
    expect(new Set(undeclared.map(({ result }) => result))).toEqual(new Set(["undeclared"]));
  });
});

const hidden = { name: "gone", why: "GitHub shows kim only what it may read", needs: "a token of an owner" };

describe("packagesReport, when a declared package is not shown to this login", () => {
  const partly = packagesReport(spec, { ...all, unknown: [hidden] }, web);

  it("is not called missing: it cannot be known, and why, and which token would be told", () => {
    expect(partly.filter(({ name }) => name === "gone")).toEqual([
      {
        ...hidden,
        result: "cannot be known",
        differences: [],
        page: "https://github.com/orgs/acme/packages/container/gone/settings",
      },
    ]);
  });

  it("comes after what differs and before what nothing is declared of", () => {
    expect(partly.map(({ name }) => name)).toEqual(["app-stray", "app-hidden", "gone", "zoo", "app", "app-tools"]);
  });

  it("stands in the table with the reason and the token", () => {
    expect(packagesTable(partly).split("\n")).toContain(
      "| gone | cannot be known | GitHub shows kim only what it may read | ask with a token of an owner | https://github.com/orgs/acme/packages/container/gone/settings |",
    );
  });
});

describe("packagesReport, when the list may lack packages that this login may not read", () => {
  const { name: _, ...reason } = hidden;
  const partly = packagesReport(spec, { ...all, hidden: reason }, web);

  it("holds those that are listed, and has one finding for all others, with the reason and the token", () => {
    expect(partly.filter(({ name }) => name !== everyOther)).toEqual(findings);
    expect(partly.find(({ name }) => name === everyOther)).toEqual({
      ...reason,
      name: everyOther,
      result: "cannot be known",
      differences: [],
      page: "https://github.com/orgs/acme/packages",
    });
  });

  it("does not count them in the table", () => {
    expect(packagesTable(partly).split("\n")[0]).toBe(
      "2 of the 6 packages whose names are known match the configuration; others cannot be listed.",
    );
  });
});

describe("packagesReport, when the list of packages is refused", () => {
  const tools = { name: "app-tools", visibility: "public", repository: undefined };
  const refusal = { words: "Invalid argument." };
  const refused = packagesReport(spec, { packages: [tools], unknown: [hidden], refusal }, web);

  it("holds what was asked for by name, and has one finding for all others", () => {
    expect(refused.map(({ name, result }) => [name, result])).toEqual([
      ["app-tools", "differs"],
      ["gone", "cannot be known"],
      [everyOther, "cannot be known"],
    ]);
  });

  it("says in GitHub's words why, which token may list, and where a person sees them", () => {
    expect(refused.at(-1)).toEqual({
      name: "every other package",
      result: "cannot be known",
      differences: [],
      why: "the list of packages is refused: Invalid argument.",
      needs: "a classic token with `read:packages`; GitHub lets no other kind list packages",
      page: "https://github.com/orgs/acme/packages",
    });
  });

  it("counts in the table what was asked for by name, and nothing else", () => {
    expect(packagesTable(refused).split("\n")).toEqual([
      "0 of the 2 packages whose names are known match the configuration; others cannot be listed.",
      "",
      "| package | result | what | switch | page |",
      "| --- | --- | --- | --- | --- |",
      "| app-tools | differs | visibility: public, declared internal | Danger Zone → Change visibility → internal | https://github.com/orgs/acme/packages/container/app-tools/settings |",
      "| gone | cannot be known | GitHub shows kim only what it may read | ask with a token of an owner | https://github.com/orgs/acme/packages/container/gone/settings |",
      "| every other package | cannot be known | the list of packages is refused: Invalid argument. | ask with a classic token with `read:packages`; GitHub lets no other kind list packages | https://github.com/orgs/acme/packages |",
    ]);
  });

  it("has that finding alone where nothing is declared by name", () => {
    const none = packagesReport(
      { organization: "acme", packages: undefined },
      { packages: [], unknown: [], refusal },
      web,
    );
    expect(none.map(({ name }) => name)).toEqual([everyOther]);
  });
});

describe("packagesTable", () => {
  it("counts what is as declared and lists the rest, with what, switch and page", () => {
    expect(packagesTable(findings).split("\n")).toEqual([
      "2 of 6 packages match the configuration.",
      "",
      "| package | result | what | switch | page |",
      "| --- | --- | --- | --- | --- |",
      "| gone | differs | existence: none, declared a package | push it, or remove it from the configuration | https://github.com/orgs/acme/packages/container/gone/settings |",
      "| app-stray | differs | repository: none, declared acme/app | Connect repository → acme/app | https://github.com/orgs/acme/packages/container/package/app-stray |",
      "| app-hidden | differs | visibility: private, declared public | Danger Zone → Change visibility → public | https://github.com/orgs/acme/packages/container/app-hidden/settings |",
      "| zoo | undeclared | no rule fits | a rule, or an exception | https://github.com/orgs/acme/packages/container/zoo/settings |",
    ]);
  });

  it("is one line where all is well", () => {
    expect(packagesTable(findings.filter(({ result }) => result === "as declared"))).toBe(
      "2 of 2 packages match the configuration.",
    );
  });
});
