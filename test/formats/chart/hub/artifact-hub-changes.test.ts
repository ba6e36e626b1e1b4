import { describe, expect, it } from "vitest";
import { readChanges } from "../../../../formats/chart/hub/artifact-hub-changes.ts";

const read = (changes: string) => readChanges({ "artifacthub.io/changes": changes });

describe("readChanges", () => {
  it.each([
    ["texts", "- Added a probe\n- Fixed the port", "- Added a probe\n- Fixed the port"],
    [
      "changes of a kind, with and without links",
      [
        "- kind: added",
        "  description: A probe",
        "  links:",
        "    - name: GitHub Issue",
        "      url: https://github.com/acme/widgets/issues/1",
        "    - name: Docs [beta]",
        "      url: https://example.org/a(b)",
        "- kind: security",
        "  description: A newer base",
        "- description: Something else",
      ].join("\n"),
      [
        String.raw`- **Added**: A probe ([GitHub Issue](<https://github.com/acme/widgets/issues/1>), [Docs \[beta\]](<https://example.org/a(b)>))`,
        "- **Security**: A newer base",
        "- Something else",
      ].join("\n"),
    ],
    ["a text of several lines", "- |\n  First\n\n  - nested\n- Second\n", "- First\n\n  - nested\n- Second"],
    [
      "a description of several lines",
      "- kind: fixed\n  description: |\n    One\n    two\n",
      "- **Fixed**: One\n  two",
    ],
    [
      "a link to what is not a web page, by its name only",
      '- description: "x"\n  links: [{name: here, url: "javascript:alert(1)"}]',
      "- x (here)",
    ],
  ])("writes %s as a list", (_, changes, text) => {
    expect(read(changes)).toEqual({ text, unreadable: undefined });
  });

  it.each(["", " \n"])("has no text if there is no annotation, or it is %j", (changes) => {
    const none = { text: undefined, unreadable: undefined };
    expect([read(changes), readChanges({}), readChanges({ other: "- x" })]).toEqual([none, none, none]);
  });

  it.each([
    ["not YAML", "- [", /cannot be read as YAML: .*\(line 1\)/],
    ["a text", "added a probe", /is neither a list of texts nor/],
    ["empty", "[]", /is neither a list/],
    ["texts beside changes", "- x\n- {kind: added, description: y}", /is neither a list/],
    ["without a description", "- {kind: added}", /is neither a list/],
    ["aliases that multiply", `a: &a [${"x,".repeat(99)}]\nb: [${"*a,".repeat(999)}]`, /cannot be read|is neither/],
  ])("says why it cannot be read: it is %s", (_, changes, reason) => {
    expect(read(changes)).toEqual({ text: undefined, unreadable: expect.stringMatching(reason) });
  });
});
