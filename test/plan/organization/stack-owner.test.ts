import { describe, expect, it } from "vitest";
import { holdsSettings, otherOwner } from "../../../plan/organization/stack-owner.ts";

describe("otherOwner", () => {
  it.each([
    ["it is new", { organization: undefined, units: {} }],
    ["it is this organization's", { organization: "Acme", units: {} }],
  ])("takes an organization's where %s", (_, before) => {
    expect(otherOwner("acme", before)).toEqual([]);
  });

  it.each([
    ["another organization's settings", { organization: "other", units: {} }, "holds the settings of other"],
    ["releases", { organization: undefined, units: { widgets: {} } }, "releases widgets"],
  ])("refuses an organization's where it holds %s", (_, before, reason) => {
    expect(otherOwner("acme", before)).toMatchObject([
      { path: "organization", value: "acme", reason: expect.stringContaining(reason) },
    ]);
  });

  it("refuses releases where it holds settings, and says what they would remove", () => {
    expect(holdsSettings("acme").reason).toContain(
      "holds the settings of acme, and a release would remove its rulesets",
    );
  });
});
