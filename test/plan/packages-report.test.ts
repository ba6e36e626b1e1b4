import { describe, expect, it } from "vitest";
import { packagesReport, packagesTable } from "../../plan/packages-report.ts";

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
const findings = packagesReport(spec, listed, "https://github.com");

describe("when the packages of an organization are held against what is declared", () => {
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

  it("names each page", () => {
    expect(findings[1]?.page).toBe("https://github.com/orgs/acme/packages/container/app-stray/settings");
  });

  it("calls everything undeclared where nothing is declared", () => {
    const all = packagesReport({ organization: "acme", packages: undefined }, listed, "https://github.com");
    expect(new Set(all.map(({ result }) => result))).toEqual(new Set(["undeclared"]));
  });
});

describe("when the report is shown as a table", () => {
  it("counts what is as declared and lists the rest, with what, switch and page", () => {
    expect(packagesTable(findings).split("\n")).toEqual([
      "2 of 6 packages are as declared.",
      "",
      "| package | result | what | switch | page |",
      "| --- | --- | --- | --- | --- |",
      "| gone | differs | existence: none, declared a package | push it, or take it out of the configuration | https://github.com/orgs/acme/packages/container/gone/settings |",
      "| app-stray | differs | repository: none, declared acme/app | Manage Actions access → Add repository → acme/app, role Write; or a push from that repository's workflow | https://github.com/orgs/acme/packages/container/app-stray/settings |",
      "| app-hidden | differs | visibility: private, declared public | Danger Zone → Change visibility → public | https://github.com/orgs/acme/packages/container/app-hidden/settings |",
      "| zoo | undeclared | no rule fits | a rule, or an exception | https://github.com/orgs/acme/packages/container/zoo/settings |",
    ]);
  });

  it("is one line where all is well", () => {
    expect(packagesTable(findings.filter(({ result }) => result === "as declared"))).toBe(
      "2 of 2 packages are as declared.",
    );
  });
});
