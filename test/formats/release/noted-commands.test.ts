import { describe, expect, it } from "vitest";
import { readNotedCommands } from "../../../formats/release/noted-commands.ts";
import { artifactCommands, fileCommand } from "../../../formats/release/verification-commands.ts";
import { digest, identity } from "../../plan/made-up-project.ts";

describe("readNotedCommands", () => {
  it.each<[string, string, ReturnType<typeof readNotedCommands>]>([
    [
      "values in quotes",
      'cosign verify --a \'b c\' --d "e \\"f\\"" x',
      [
        [
          ["--a", "b c"],
          ["--d", 'e "f"'],
        ],
      ],
    ],
    ["a quote in quotes", String.raw`cosign verify --a 'it'\''s' x`, [[["--a", "it's"]]]],
    ["values after an equals sign", "cosign verify --a=b=c x", [[["--a", "b=c"]]]],
    [
      "options without a value",
      "gh attestation verify x --bundle-from-oci --repo a/b",
      [
        [
          ["--bundle-from-oci", true],
          ["--repo", "a/b"],
        ],
      ],
    ],
    ["short options", "gh attestation verify -R evil/x y", [[["-R", "evil/x"]]]],
    ["a command over several lines", "cosign verify \\\n  --a b \\\n  x", [[["--a", "b"]]]],
    ["a program with a path, after a pipe", "paste -s x | /usr/bin/gh attestation verify --a b", [[["--a", "b"]]]],
    ["options before the word", "cosign --a b verify x", [[["--a", "b"]]]],
    ["a command in HTML", "<pre>cosign verify --a b</pre>", [[["--a", "b</pre>"]]]],
    ["two commands", "cosign verify --a b\ncosign verify-blob --c d", [[["--a", "b"]], [["--c", "d"]]]],
    ["no command: prose", "`cosign verify` takes anything; don't", []],
    ["no command: another one", "gh pr list --repo a/b", []],
    ["no command: a longer word", "mycosign verify --a b", []],
    ["nothing", "", []],
  ])("finds %s", (_, text, commands) => {
    expect(readNotedCommands(text)).toEqual(commands);
  });

  it("finds every command that the notes have", () => {
    const trust = { identity, repository: "acme/widgets", trustedRoot: "trusted_root.json" };
    const reference = `ghcr.io/acme/app@${digest("a")}`;
    const written = [...artifactCommands({ reference, sbom: true }, trust), fileCommand("app.tgz", trust)];
    const read = readNotedCommands(written.join("\n"));
    expect(read).toHaveLength(written.length);
    for (const options of read) {
      expect(options.map(([, value]) => value)).toContain(identity.issuer);
    }
  });

  it.each(["'", '"', "\\", "-", "a", " ", "cosign ", "`"])("reads a text of very many %j", (sign) => {
    expect(readNotedCommands(`cosign verify --a ${sign.repeat(130_000)}`)).toHaveLength(1);
  });
});
