import { describe, expect, it } from "vitest";
import { packageName, settingsPage } from "../../formats/package-page.ts";

describe("when a repository is split into a package's owner and name", () => {
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

describe("when the page of a package's settings is named", () => {
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
