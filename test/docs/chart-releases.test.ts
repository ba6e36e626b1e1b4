import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readChanges } from "../../formats/chart/hub/artifact-hub-changes.ts";
import { documentNames } from "../../formats/release/document-names.ts";
import { installCommands } from "../../formats/release/install-commands.ts";
import { codeBlocks, page } from "./markdown.ts";

const path = "docs/chart-releases.md";

describe("the page about a chart's Release", () => {
  it("shows what becomes of the annotation that it shows", async () => {
    const [yaml] = await codeBlocks([path], "yaml");
    const [markdown] = await codeBlocks([path], "markdown");
    const { annotations } = parse(yaml?.text ?? "") as { annotations: Record<string, string> };
    expect(`${readChanges(annotations).text}\n`).toBe(markdown?.text);
  });

  it("has the commands of the notes", async () => {
    const install = (await codeBlocks([path], "sh")).find(({ text }) => text.startsWith("helm install"));
    const digest = /sha256:[0-9a-f]{64}/.exec(install?.text ?? "")?.[0] ?? "none";
    const commands = installCommands({ repository: "ghcr.io/acme/charts/widgets", version: "1.2.3", digest });
    expect(install?.text).toBe(`${commands.byVersion}\n${commands.byDigest}\n`);
  });

  it("names every document", async () => {
    expect(await page(path)).toContain(`| ${documentNames.map((name) => `\`${name}\``).join(", ")} |`);
  });
});
