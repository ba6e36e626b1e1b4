import { describe, expect, it } from "vitest";
import { artifactCommands, checksumCommand } from "../../formats/release/verification-commands.ts";
import { digest, identity } from "../plan/made-up-project.ts";
import { codeBlocks, page } from "./markdown.ts";

const blocks = await codeBlocks(["docs/verify.md"], "sh");
const trust = { identity, trustedRoot: undefined };
const commands = artifactCommands({ reference: `ghcr.io/acme/widgets@${digest("a")}`, sbom: true }, trust);

describe("the commands for verification in the docs", () => {
  it("finds the first of them as the notes have it", () => {
    expect(blocks[1]?.text).toBe(`${commands[0]}\n`);
  });

  it("finds the command for all files as the notes have it", () => {
    expect(blocks[2]?.text).toBe(`${checksumCommand}\n`);
  });

  it("finds a row for each of them", async () => {
    const rows = [...(await page("docs/verify.md")).matchAll(/^\| `((?:cosign|gh) [^`]+)` \|/gm)].map(([, row]) => row);
    const short = commands.map((command) =>
      command
        .replace(/ --certificate.*$/, "")
        .replace(/ oci:\S+/, " …")
        .replace(/ --repo .*$/, ""),
    );
    expect(rows).toEqual(short);
  });
});
