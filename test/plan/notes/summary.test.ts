import { describe, expect, it } from "vitest";
import type { UnitOutputs } from "../../../formats/release/unit-outputs.ts";
import { artifactCommands, fileCommand } from "../../../formats/release/verification-commands.ts";
import { withManualWork, withoutCommands, writeSummary } from "../../../plan/notes/summary.ts";
import { commit, digest, identity } from "../made-up-project.ts";

const artifact = { digest: digest("a"), how: "built" as const, sourceHash: "", sbom: false };
const releases = "https://github.com/acme/widgets/releases/tag";
const chart: UnitOutputs = {
  version: "1.2.3",
  revision: commit,
  gitTag: "app-v1.2.3",
  repository: "acme/widgets",
  packageRegistry: "ghcr.io",
  artifacts: {
    app: { ...artifact, kind: "chart", reference: `ghcr.io/acme/charts/app:1.2.3@${digest("a")}` },
  },
  assets: ["app-1.2.3.tgz", "README.md"],
  release: `${releases}/app-v1.2.3`,
  signing: identity,
  leftOut: [],
};
const image: UnitOutputs = {
  ...chart,
  gitTag: "v2.0.0",
  version: "2.0.0",
  artifacts: { web: { ...artifact, reference: `registry.example/web:2.0.0@${digest("b")}` } },
  assets: [],
  release: `${releases}/v2.0.0`,
};
const trust = { identity, trustedRoot: undefined };
const named = `ghcr.io/acme/charts/app@${digest("a")}`;

describe("writeSummary", () => {
  it("has links, digests, and how to inspect and verify", () => {
    expect(writeSummary({ units: { app: chart, web: image } }).split("\n")).toEqual([
      "# Released",
      "",
      "| unit | version | Release | digest |",
      "| --- | --- | --- | --- |",
      `| app | 1.2.3 | [app-v1.2.3](${releases}/app-v1.2.3) | [\`${named}\`](https://github.com/acme/widgets/pkgs/container/charts%2Fapp) |`,
      `| web | 2.0.0 | [v2.0.0](${releases}/v2.0.0) | \`registry.example/web@${digest("b")}\` |`,
      "",
      "## Inspect and verify",
      "",
      "<details>",
      "<summary><code>app</code> 1.2.3</summary>",
      "",
      "```sh",
      `helm show chart oci://${named}`,
      ...artifactCommands({ reference: named, sbom: false }, trust),
      "sha256sum --check --ignore-missing checksums.txt",
      fileCommand("checksums.txt", trust),
      fileCommand("app-1.2.3.tgz", trust),
      fileCommand("lockstep.release.json", trust),
      "```",
      "",
      "</details>",
      "",
      "<details>",
      "<summary><code>web</code> 2.0.0</summary>",
      "",
      "```sh",
      `docker buildx imagetools inspect registry.example/web@${digest("b")}`,
      ...artifactCommands({ reference: `registry.example/web@${digest("b")}`, sbom: false }, trust),
      fileCommand("lockstep.release.json", trust),
      "```",
      "",
      "</details>",
    ]);
  });

  it("has the table of all charts, what is left out, and what is left to people", () => {
    const table = "| chart | state |\n| --- | --- |\n| old | before |";
    const units = { app: { ...chart, leftOut: ["LICENSE: there is no LICENSE"] } };
    const text = withManualWork(writeSummary({ units, charts: table }), ["ghcr.io/acme/charts/app is private"]);
    expect(text).toContain(`\n\n## Charts\n\n${table}\n\n## Inspect`);
    expect(text).toMatch(
      /\n\n## Left out\n\n- app 1\.2\.3: LICENSE: there is no LICENSE\n\n## Left to do by hand\n\n- ghcr\.io\/acme\/charts\/app is private$/,
    );
  });

  it.each<[string, Partial<UnitOutputs>, string]>([
    ["nothing behind them", {}, ""],
    ["what is left out behind them", { leftOut: ["no LICENSE"] }, "\n\n## Left out\n\n- app 1.2.3: no LICENSE"],
    ["what is not signed", { signing: "off" }, "\n\n**Not signed** (`signing: off`): app."],
    [
      "both",
      { signing: "off", leftOut: ["no LICENSE"] },
      "\n\n**Not signed** (`signing: off`): app.\n\n## Left out\n\n- app 1.2.3: no LICENSE",
    ],
  ])("can do without the commands, with %s", (_, more, rest) => {
    const whole = writeSummary({ units: { app: { ...chart, ...more } }, charts: "| chart |" });
    expect(whole).toContain("</details>");
    const short = withoutCommands(whole);
    expect(short).toBe(`${whole.slice(0, whole.indexOf("\n\n## Inspect"))}${rest}`);
    expect([short.includes("## Charts\n\n| chart |"), withoutCommands(short)]).toEqual([true, short]);
  });

  it("says nothing of people if nothing is left to them", () => {
    expect(withManualWork("# Released", [])).toBe("# Released");
  });

  it("says what is not signed, and has no command that would verify it", () => {
    const text = writeSummary({ units: { app: { ...chart, signing: "off" }, web: image } });
    expect(text).toContain("\n\n**Not signed** (`signing: off`): app.");
    expect(text.split("</details>")[0]).not.toMatch(/cosign|gh attestation/);
  });

  it("says once where the trusted root of a private Sigstore is to be had, and uses it by one name", () => {
    const root = { trustedRoot: "deploy/root.json" };
    const text = writeSummary({ units: { app: { ...chart, ...root }, web: { ...image, ...root } } });
    expect(text.match(/in the repository `deploy\/root\.json`, not from here/g)).toHaveLength(1);
    expect(text).toContain("--trusted-root trusted_root.json");
  });

  it("says so if nothing has a version to release", () => {
    expect(writeSummary({ units: {} })).toBe("# Released\n\nNo unit has a version to release.");
  });

  it("has no commands if they would make it longer than GitHub accepts", () => {
    const units = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`app${at}`, chart]));
    const text = writeSummary({ units });
    expect(text.length).toBeLessThan(800_000);
    expect(text).not.toContain("## Inspect");
    expect(text.match(/^\| app\d+ \|/gm)).toHaveLength(600);
  });
});
