import { describe, expect, it } from "vitest";
import { findHubMistake } from "../../../../formats/chart/hub/hub-metadata.ts";

const id = "repositoryID: 0b1e2d3c-4f5a-6b7c-8d9e-0f1a2b3c4d5e\n";

describe("findHubMistake", () => {
  it.each([
    ["an id", id],
    ["owners", "owners:\n  - email: kim@example.com\n"],
    [
      "both, and packages to ignore",
      `${id}owners:\n  - name: Kim\n    email: kim@example.com\nignore:\n  - name: other\n`,
    ],
  ])("accepts %s", (_, text) => {
    expect(findHubMistake(text)).toBeUndefined();
  });

  it.each([
    ["nothing", "", "is not a map of keys and values"],
    ["a text", "hello", "is not a map of keys and values"],
    ["neither id nor owners", "ignore: []\n", "has neither `repositoryID` nor `owners`, so it claims nothing"],
    ["an empty list of owners", "owners: []\n", "has neither `repositoryID` nor `owners`, so it claims nothing"],
    ["an id of another form", "repositoryID: acme\n", "repositoryID: is not an id as Artifact Hub shows it (a UUID)"],
    ["an owner without address", `${id}owners:\n  - name: Kim\n`, "owners.0.email: is not an address"],
    ["an owner that is a text", `${id}owners:\n  - Kim\n`, "owners.0: must have `email`, and may have `name`"],
    ["a key twice", `${id}${id}`, "is not YAML: Map keys must be unique"],
  ])("refuses %s", (_, text, reason) => {
    expect(findHubMistake(text)).toContain(reason);
  });
});
