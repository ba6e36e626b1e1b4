import { describe, expect, it } from "vitest";
import { versions } from "../../toolchain/machine/versions.mjs";
import { page, sections } from "./markdown.ts";

describe("the tools in docs/toolchain.md", () => {
  it("are those that the toolchain installs, in its versions", async () => {
    const title = "What it installs, from where, in which order";
    const table = sections(await page("docs/toolchain.md")).find((section) => section.title === title)?.text ?? "";
    const shown = [...table.matchAll(/^\| [^|]+ \| (\d[^|]*) \|/gm)].map(([, version]) => version);
    expect([...new Set(shown)].toSorted()).toEqual([...new Set(Object.values(versions))].toSorted());
  });
});
