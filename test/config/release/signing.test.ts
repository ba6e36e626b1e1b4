import { describe, expect, it } from "vitest";
import { appUnit, readShort, readUnits, told } from "../valid-config.ts";

const workflow = "acme/widgets/.github/workflows/release.yml";
const defaults = {
  issuer: "https://token.actions.githubusercontent.com",
  workflow,
  refs: "refs/tags/*",
  earlier: [],
};
const missing = "must name the workflow that signs, or be `off`";

describe("Signing, when a unit is not signed", () => {
  it.each([
    ["as text at the top", () => readShort({ signing: "off" })],
    ["as the boolean of YAML 1.1 at the top", () => readShort({ signing: false })],
    ["as text in a unit", () => readUnits({ ...appUnit, signing: "off" })],
    ["as the boolean of YAML 1.1 in a unit", () => readUnits({ ...appUnit, signing: false })],
  ])("takes `off` %s", (_, read) => {
    expect(read().spec?.units[0]?.signing).toBe("off");
  });

  it.each(["on", "true", "keyless", "", workflow, [workflow], null])("refuses %j", (signing) => {
    expect(told(readShort({ signing }))).toEqual([`signing: ${missing}`]);
  });

  it("is a mistake to leave it out", () => {
    expect(readShort({ signing: undefined }).mistakes).toEqual([
      { path: "signing", value: undefined, reason: missing, example: `\`{"workflow": "${workflow}"}\`` },
    ]);
  });

  it("is a mistake to leave it out of a unit", () => {
    expect(told(readUnits({ ...appUnit, signing: undefined }))).toEqual([`units[0].signing: ${missing}`]);
  });
});

describe("Signing, when a unit is signed", () => {
  it.each([
    ["at the top", () => readShort({ signing: { workflow } })],
    ["in a unit", () => readUnits({ ...appUnit, signing: { workflow } })],
  ])("takes the workflow with every default %s", (_, read) => {
    expect(read().spec?.units[0]?.signing).toEqual(defaults);
  });

  it("takes issuer and refs of one's own", () => {
    const own = { issuer: "http://127.0.0.1:8422", workflow, refs: "refs/heads/release-*" };
    expect(readShort({ signing: own }).spec?.units[0]?.signing).toEqual({ ...own, earlier: [] });
  });

  it.each(["acme/widgets/.github/workflows/release.yaml", "Acme/wid.gets_2/.github/workflows/a-b.c_d.yml"])(
    "takes the workflow %s",
    (of) => {
      expect(readShort({ signing: { workflow: of } }).mistakes).toEqual([]);
    },
  );

  it.each([
    "release.yml",
    ".github/workflows/release.yml",
    "acme/.github/workflows/release.yml",
    "acme/widgets/workflows/release.yml",
    "acme/widgets/.github/workflows/sub/release.yml",
    "acme/widgets/.github/workflows/release.json",
    `${workflow}@refs/heads/main`,
    `https://github.com/${workflow}`,
    `${workflow}\n`,
    "",
  ])("refuses the workflow %j", (of) => {
    expect(readShort({ signing: { workflow: of } }).mistakes).toEqual([
      {
        path: "signing.workflow",
        value: of,
        reason: "must be `owner/name/.github/workflows/FILE.yml`",
        example: `\`${workflow}\``,
      },
    ]);
  });

  it.each(["main", "", "refs/", "*", "refs/tags/v 1", "refs/tags/v1@x", "refs/tags/(v1|v2)"])(
    "refuses the refs %j",
    (refs) => {
      expect(told(readShort({ signing: { workflow, refs } }))).toEqual([
        "signing.refs: must begin with `refs/`, or be a commit id of 40 digits",
      ]);
    },
  );

  it.each(["token.actions.githubusercontent.com", "", "ftp://example.com", "https://example.com/$(id)", "https://a b"])(
    "refuses the issuer %j",
    (issuer) => {
      expect(told(readShort({ signing: { workflow, issuer } }))).toEqual([
        "signing.issuer: must be the address of an OIDC issuer",
      ]);
    },
  );

  it("says that the workflow is missing", () => {
    expect(told(readShort({ signing: { refs: "refs/tags/*" } }))).toEqual(["signing.workflow: is missing"]);
  });

  it("takes all keys", () => {
    const keys = {
      repository: "acme/gadgets",
      triggers: ["push"],
      repositoryId: "123",
      ownerId: "45",
      earlier: [{ workflow, refs: "refs/tags/v*", until: "1.4.0" }],
    };
    expect(readShort({ signing: { workflow, ...keys } }).spec?.units[0]?.signing).toEqual({ ...defaults, ...keys });
  });

  it.each([
    [{ repository: "gadgets" }, "signing.repository: must be `owner/name`"],
    [{ triggers: [] }, "signing.triggers: Too small: expected array to have >=1 items"],
    [{ triggers: ["pull request"] }, "signing.triggers[0]: must be the name of an event"],
    [{ repositoryId: "acme" }, "signing.repositoryId: must be a number in quotes"],
    [{ ownerId: 45 }, "signing.ownerId: must be of type string"],
    [{ earlier: [{ workflow, until: "v1" }] }, "signing.earlier[0].until: must be a version"],
    [{ earlier: [{ workflow }] }, "signing.earlier[0].until: is missing"],
  ])("refuses %j", (keys, reason) => {
    expect(told(readShort({ signing: { workflow, ...keys } }))).toEqual([reason]);
  });

  it("names an unknown key, and those that may stand there", () => {
    expect(readShort({ signing: { workflow, ref: "refs/tags/*" } }).mistakes).toEqual([
      {
        path: "signing.ref",
        value: "refs/tags/*",
        reason: "is not a known key",
        example: "one of issuer, workflow, refs, repository, triggers, repositoryId, ownerId, earlier",
      },
    ]);
  });

  it("shows all that is wrong with it, with the paths of the long form", () => {
    const signing = { workflow: 7, refs: "main", key: "x" };
    expect(told(readUnits({ ...appUnit, signing }))).toEqual([
      "units[0].signing.workflow: must be of type string",
      "units[0].signing.refs: must begin with `refs/`, or be a commit id of 40 digits",
      "units[0].signing.key: is not a known key",
    ]);
  });
});

describe("Signing, when another Sigstore is named", () => {
  it.each([
    { trustedRoot: "deploy/trusted_root.json" },
    { trustedRoot: "../trusted_root.json", signingConfig: "../signing_config.json" },
  ])("takes %j", (sigstore) => {
    expect(readShort({ sigstore }).spec?.sigstore).toEqual(sigstore);
  });

  it.each(["trustedRoot", "signingConfig"])("refuses an absolute path as %s, and an empty one", (key) => {
    const reason = "must be a relative path: an absolute one would differ from machine to machine";
    for (const path of ["/etc/sigstore.json", ""]) {
      expect(told(readShort({ sigstore: { [key]: path } }))).toEqual([`sigstore.${key}: ${reason}`]);
    }
  });

  it("names an unknown key", () => {
    expect(told(readShort({ sigstore: { fulcio: "x" } }))).toEqual(["sigstore.fulcio: is not a known key"]);
  });

  it("stands beside the units in the long form", () => {
    const { mistakes } = readUnits({ ...appUnit, sigstore: { trustedRoot: "x" } });
    expect(mistakes.map(({ path }) => path)).toEqual(["units[0].sigstore"]);
  });
});

describe("Signing, when an image has an SBOM", () => {
  const image = { repository: "ghcr.io/acme/app", sbom: "dist/app.spdx.json" };

  it("is taken in a unit that is signed", () => {
    const { spec, mistakes } = readShort({ image, signing: { workflow } });
    expect([spec?.units[0]?.artifacts[0]?.written, mistakes]).toMatchObject([{ sbom: "dist/app.spdx.json" }, []]);
  });

  it.each(["off", false])("is a mistake with `signing: %s`, which would leave it unsigned", (signing) => {
    expect(told(readShort({ image, signing }))).toEqual([
      "image.sbom: would not be signed (`signing: off`), and an unsigned SBOM proves nothing",
    ]);
  });

  it("is named with its place in the long form, beside every other mistake", () => {
    const read = readUnits({ ...appUnit, images: [{ repository: "ghcr.io/acme/other", context: "/" }, image] });
    expect(told(read)).toEqual([
      expect.stringMatching(/^units\[0\]\.images\[0\]\.context: must be a path below the workspace/),
      expect.stringMatching(/^units\[0\]\.images\[1\]\.sbom: would not be signed/),
    ]);
  });

  it.each(["/sbom.json", "../sbom.json"])("refuses the path %s", (sbom) => {
    expect(told(readShort({ image: { ...image, sbom }, signing: { workflow } }))).toEqual([
      expect.stringMatching(/^image\.sbom: must be a path below the workspace/),
    ]);
  });
});

describe("Signing, when provenance may be posted to GitHub", () => {
  it.each([
    ["`auto` where nothing is said", {}, "auto"],
    ["`auto`", { githubAttestations: "auto" }, "auto"],
    ["`off`", { githubAttestations: "off" }, "off"],
    ["the boolean that YAML 1.1 makes of `off`", { githubAttestations: false }, "off"],
  ])("takes %s", (_, config, wanted) => {
    expect(readShort(config).spec?.githubAttestations).toBe(wanted);
  });

  it.each(["on", "true", true, "", "always"])("refuses %j", (githubAttestations) => {
    expect(told(readShort({ githubAttestations }))).toEqual(["githubAttestations: must be `auto` or `off`"]);
  });

  it("belongs to the project, not to a unit", () => {
    expect(told(readUnits({ ...appUnit, githubAttestations: "off" }))).toEqual([
      "units[0].githubAttestations: is not a known key",
    ]);
  });
});
