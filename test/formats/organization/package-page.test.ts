import { describe, expect, it } from "vitest";
import { linkSwitch, packageName, packagePage, settingsPage } from "../../../formats/organization/package-page.ts";

describe("packageName", () => {
  it.each([
    ["ghcr.io/acme/app", { owner: "acme", name: "app" }],
    ["ghcr.io/acme/charts/app", { owner: "acme", name: "charts/app" }],
    ["ghcr.io/acme", undefined],
    ["docker.io/acme/app", undefined],
    ["containers.example.org/acme/app", undefined],
  ])("reads %s", (repository, name) => {
    expect(packageName(repository, "ghcr.io")).toEqual(name);
  });
});

describe("settingsPage", () => {
  it("is below the organization, with the slash escaped", () => {
    expect(settingsPage("https://github.com", true, { owner: "acme", name: "charts/app" })).toBe(
      "https://github.com/orgs/acme/packages/container/charts%2Fapp/settings",
    );
  });

  it("is below the person", () => {
    expect(settingsPage("https://github.com", false, { owner: "kim", name: "app" })).toBe(
      "https://github.com/users/kim/packages/container/app/settings",
    );
  });
});

describe("packagePage", () => {
  it.each([
    [
      true,
      { owner: "acme", name: "charts/app" },
      "https://github.com/orgs/acme/packages/container/package/charts%2Fapp",
    ],
    [false, { owner: "kim", name: "app" }, "https://github.com/users/kim/packages/container/package/app"],
  ])("for an organization: %s, %j", (organization, at, address) => {
    expect(packagePage("https://github.com", organization, at)).toBe(address);
  });
});

describe("linkSwitch", () => {
  it("is Connect repository for a package without a link", () => {
    expect(linkSwitch("acme/app", undefined)).toBe("Connect repository → acme/app");
  });

  it("promises none for a package that is linked to another repository", () => {
    expect(linkSwitch("acme/app", "acme/old")).toBe(
      "link it to acme/app instead of acme/old (GitHub documents `Connect repository` for a package without a link, but no way to change a link)",
    );
  });
});
