import { describe, expect, it } from "vitest";
import type { RunResource } from "../../commands/stack/engine-events.ts";
import { writeUnfinishedSummary } from "../../commands/unfinished-summary.ts";
import { digest } from "../plan/made-up-project.ts";

const own = "pulumi-nodejs:dynamic/lockstep:";
const train = (name: string): RunResource => ({
  type: "lockstep:release:ReleaseTrain",
  name,
  parent: undefined,
  state: "done",
  inputs: {},
  outputs: {},
});

/** A resource of a unit; its repository is that of the chart of this name. */
function made(parent: string, type: string, state: RunResource["state"], outputs = {}): RunResource {
  const [chart = "", version = ""] = parent.split("@");
  const repository = `ghcr.io/acme/charts/${chart}`;
  const tag = type === "OciTag" ? version : `${chart}-v${version}`;
  return { type: `${own}${type}`, name: `${type}/${parent}`, parent, state, inputs: { repository, tag }, outputs };
}

const pushed = { digest: digest("a") };
const page = "https://github.com/acme/charts/releases/tag/app-v1.2.3";
const complete = [
  train("app@1.2.3"),
  made("app@1.2.3", "ChartPush", "done", pushed),
  made("app@1.2.3", "OciTag", "done"),
  made("app@1.2.3", "GitTag", "done"),
  made("app@1.2.3", "GitHubRelease", "done", { url: page }),
];
const toDo = [
  "## What to do",
  "",
  "Fix what the errors name, and run the same command again. It takes nothing back that is public: it completes what is not complete, and leaves the rest as it is.",
];

describe("writeUnfinishedSummary", () => {
  it("says which units are complete, what is public of the others and what is not, and what stopped the run", () => {
    const resources = [
      ...complete,
      train("web@2.0.0"),
      made("web@2.0.0", "ChartPush", "done", pushed),
      made("web@2.0.0", "Signature", "done"),
      made("web@2.0.0", "OciTag", "done"),
      made("web@2.0.0", "GitTag", "failed"),
      train("api@3.0.0"),
      made("api@3.0.0", "ChartPush", "failed"),
    ];
    const errors = ["writing the git tag failed\n`no` right"];
    expect(writeUnfinishedSummary({ resources, errors }).split("\n")).toEqual([
      "# The release is not complete",
      "",
      "## Complete",
      "",
      `- app@1.2.3: [its Release](${page}) is public`,
      "",
      "## Not complete",
      "",
      "### web@2.0.0",
      "",
      "Public:",
      "",
      `- \`ghcr.io/acme/charts/web@${digest("a")}\`, by digest`,
      "- the version tag `ghcr.io/acme/charts/web:2.0.0`",
      "",
      "Not public, or not known to be:",
      "",
      "- the git tag `web-v2.0.0`",
      "- its Release, which was not reached",
      "",
      "### api@3.0.0",
      "",
      "Nothing of it is public.",
      "",
      "Not public, or not known to be:",
      "",
      "- `ghcr.io/acme/charts/api`, by digest",
      "- its Release, which was not reached",
      "",
      "## What stopped it",
      "",
      "```text",
      "writing the git tag failed",
      "`no` right",
      "```",
      "",
      ...toDo,
    ]);
  });

  it("does not call a Release public that was begun and never ended", () => {
    const resources = [train("app@1.2.3"), made("app@1.2.3", "GitHubRelease", "begun")];
    const text = writeUnfinishedSummary({ resources, errors: [] });
    expect(text).toContain("Not public, or not known to be:\n\n- the Release `app-v1.2.3`\n\n## What to do");
  });

  it("says that nothing was written if the run stopped before", () => {
    const text = writeUnfinishedSummary({ resources: [], errors: ["no right to push"] });
    expect(text).toMatch(
      /^# The release is not complete\n\nThis run stopped before it wrote anything\.\n\n## What stop/,
    );
    const failed = [train("app@1.2.3"), made("app@1.2.3", "ChartPush", "failed")];
    expect(writeUnfinishedSummary({ resources: failed, errors: [] })).toContain("before it wrote anything");
    expect(writeUnfinishedSummary({ resources: complete, errors: [] })).not.toContain("before it wrote anything");
  });

  it("keeps an error in its block, whatever a server wrote", () => {
    const errors = ["```\n# Click [here](https://evil.example)\n````\u001B[2J"];
    const block = writeUnfinishedSummary({ resources: [], errors }).split("## What stopped it\n\n")[1];
    expect(block?.split("\n").slice(0, 5)).toEqual([
      "`````text",
      "```",
      "# Click [here](https://evil.example)",
      String.raw`${"````"}\u001b[2J`,
      "`````",
    ]);
  });
});
