import { describe, expect, it } from "vitest";
import { configurationError } from "../../../errors/configuration-error.ts";
import { readSpec } from "../../../config/release/read-spec.ts";
import { appUnit, readShort, readUnits, shortConfig, told } from "../valid-config.ts";

const defaultImage = { context: ".", platforms: ["linux/amd64", "linux/arm64"], buildArgs: {} };

describe("readSpec, when the short form is read", () => {
  it("becomes one unit with one image and every default", () => {
    expect(readSpec(shortConfig, {}).spec).toEqual({
      repository: "acme/widgets",
      workspace: ".",
      packages: { registry: "ghcr.io" },
      githubAttestations: "auto",
      lane: { accepts: "stable" },
      sigstore: {},
      units: [
        {
          tags: { prefix: "" },
          artifacts: [
            {
              kind: "image",
              name: "widgets",
              ociRepository: "ghcr.io/acme/widgets",
              place: ["images", 0],
              written: { repository: "ghcr.io/acme/widgets", ...defaultImage },
            },
          ],
          assets: [],
          lineage: false,
          signing: "off",
        },
      ],
    });
  });

  it("takes `image` with keys of its own", () => {
    const { spec } = readShort({ image: { repository: "ghcr.io/acme/widgets", target: "runtime" } });
    expect(spec?.units[0]?.artifacts.map(({ written }) => written)).toEqual([
      { repository: "ghcr.io/acme/widgets", target: "runtime", ...defaultImage },
    ]);
  });

  it("takes `images` for several", () => {
    const { spec } = readShort({
      image: undefined,
      images: [{ repository: "ghcr.io/acme/a" }, { repository: "ghcr.io/acme/b" }],
    });
    expect(spec?.units[0]?.artifacts.map(({ ociRepository }) => ociRepository)).toEqual([
      "ghcr.io/acme/a",
      "ghcr.io/acme/b",
    ]);
  });

  it("takes a unit with assets alone", () => {
    const { spec, mistakes } = readShort({ image: undefined, assets: [{ path: "deploy/install.yaml" }] });
    expect(mistakes).toEqual([]);
    expect(spec?.units[0]?.assets).toEqual([{ path: "deploy/install.yaml" }]);
  });

  it("leaves keys of other namespaces alone", () => {
    const read = readSpec({ ...shortConfig, "github:owner": "acme", "docker-build:host": "x" }, {});
    expect(read.mistakes).toEqual([]);
  });

  it("makes texts of build arguments that are numbers and booleans", () => {
    const { spec } = readShort({ image: { repository: "ghcr.io/acme/app", buildArgs: { A: 1, B: true, C: "x" } } });
    expect(spec?.units[0]?.artifacts[0]?.written).toMatchObject({ buildArgs: { A: "1", B: "true", C: "x" } });
  });
});

describe("readSpec, when the long form is read", () => {
  it("keeps the units in their order", () => {
    const { spec, mistakes } = readUnits(appUnit, {
      ...appUnit,
      name: "cli",
      images: [{ repository: "ghcr.io/acme/cli" }],
    });
    expect(mistakes).toEqual([]);
    expect(spec?.units.map(({ name }) => name)).toEqual(["app", "cli"]);
  });

  it("lets a single unit be without a name", () => {
    const { name: _, ...unnamed } = appUnit;
    expect(readUnits(unnamed).mistakes).toEqual([]);
  });
});

describe("readSpec, when a value has ${NAME}", () => {
  const image = "${REGISTRY}/acme/${NAME}";

  it("takes the environment's values", () => {
    const { spec } = readSpec({ ...shortConfig, "lockstep:image": image }, { REGISTRY: "127.0.0.1:5000", NAME: "app" });
    expect(spec?.units[0]?.artifacts[0]?.written.repository).toBe("127.0.0.1:5000/acme/app");
  });

  it("takes them inside structured values too", () => {
    const units = JSON.stringify([{ ...appUnit, images: [{ repository: image }] }]);
    const config = { "lockstep:repository": "acme/widgets", "lockstep:units": units };
    expect(
      readSpec(config, { REGISTRY: "ghcr.io", NAME: "app" }).spec?.units[0]?.artifacts[0]?.written.repository,
    ).toBe("ghcr.io/acme/app");
  });

  it("does not read a value that came out of the environment again", () => {
    const { spec } = readSpec({ ...shortConfig, "lockstep:license": "${A}" }, { A: "${B}", B: "MIT" });
    expect(spec?.units[0]?.license).toBe("${B}");
  });

  it("names every variable that is not set, with its place", () => {
    const units = JSON.stringify([{ ...appUnit, license: "${NO_LICENSE} ${NO_MORE}" }]);
    const read = readSpec({ "lockstep:repository": "acme/widgets", "lockstep:units": units }, {});
    expect(told(read)).toEqual([
      "units[0].license: the environment variable NO_LICENSE is not set",
      "units[0].license: the environment variable NO_MORE is not set",
    ]);
  });

  it.each(["GITHUB_TOKEN", "NPM_SECRET", "DB_PASSWORD", "COSIGN_PRIVATE_KEY", "API_KEY"])(
    "refuses %s, set or not",
    (name) => {
      const read = readSpec({ ...shortConfig, "lockstep:license": `\${${name}}` }, { [name]: "s3cr3t" });
      expect(told(read)).toEqual([`license: ${name} looks like a secret, and configuration is stored in plain`]);
      expect(configurationError(read.mistakes).message).not.toContain("s3cr3t");
    },
  );
});

describe("readSpec, when a key is unknown", () => {
  const image = { repository: "ghcr.io/acme/app" };
  it.each([
    ["lockstep:nodes", { nodes: "x" }, "nodes"],
    ["the lane", { lane: { accepts: "any", acepts: "x" } }, "lane.acepts"],
    ["the tags", { tags: { prefix: "v", suffix: "x" } }, "tags.suffix"],
    ["the notes", { notes: { changelog: "C.md", fil: "x" } }, "notes.fil"],
    ["an asset", { assets: [{ path: "a", as: "x" }] }, "assets[0].as"],
    ["`image`", { image: { ...image, file: "x" } }, "image.file"],
    [
      "`images`",
      { image: undefined, images: [image, { ...image, name: "b", repository: "ghcr.io/acme/b", file: "x" }] },
      "images[1].file",
    ],
  ])("names it in the short form: %s", (_, keys, path) => {
    expect(readShort(keys).mistakes).toEqual([
      { path, value: "x", reason: "is not a known key", example: expect.stringMatching(/^one of \w+/) },
    ]);
  });

  it.each([
    ["a unit", { ...appUnit, vers: "x" }, "units[0].vers"],
    ["an image", { ...appUnit, images: [{ ...image, file: "x" }] }, "units[0].images[0].file"],
    ["the tags", { ...appUnit, tags: { gitt: "x" } }, "units[0].tags.gitt"],
  ])("names it in the long form: %s", (_, unit, path) => {
    expect(told(readUnits(unit))).toEqual([`${path}: is not a known key`]);
  });

  it("offers the keys that may stand there", () => {
    expect(readShort({ notes: { fil: "x" } }).mistakes[0]?.example).toBe("one of changelog, file");
  });

  it("offers no unit's keys at the top of the long form", () => {
    const config = {
      "lockstep:repository": "acme/widgets",
      "lockstep:units": JSON.stringify([appUnit]),
      "lockstep:nodes": "x",
    };
    expect(readSpec(config, {}).mistakes[0]?.example).toBe(
      "one of repository, workspace, lane, sigstore, packages, githubAttestations, charts, units",
    );
  });
});

describe("readSpec, when values are wrong", () => {
  it("shows three at once, with paths as the user wrote them in the short form", () => {
    const read = readShort({ repository: "widgets", image: "acme/app", tags: { prefix: "+" } });
    expect(told(read)).toEqual([
      "repository: must be `owner/name` of a GitHub repository",
      expect.stringMatching(/^tags.prefix: has characters/),
      "image: has no registry in front",
    ]);
    expect(read.spec).toBeUndefined();
  });

  it("shows three at once, with paths as the user wrote them in the long form", () => {
    const read = readUnits(
      { ...appUnit, version: 1.2 },
      { ...appUnit, name: "CLI", images: [{ repository: "ghcr.io/acme/cli", platforms: ["linux"] }] },
    );
    expect(told(read)).toEqual([
      "units[0].version: must be of type string",
      expect.stringMatching(/^units\[1\].name: must be lower-case/),
      "units[1].images[0].platforms[0]: must be `os/architecture` or `os/architecture/variant`",
    ]);
  });

  it("shows the value and an example that would do", () => {
    expect(readShort({ repository: "widgets" }).mistakes).toEqual([
      {
        path: "repository",
        value: "widgets",
        reason: "must be `owner/name` of a GitHub repository",
        example: "`acme/widgets`",
      },
    ]);
  });

  it.each([true, "true", false, "false"])("reads `lineage` as %j, which Pulumi hands over as text", (lineage) => {
    expect(readShort({ lineage }).spec?.units[0]?.lineage).toBe(String(lineage) === "true");
  });

  it.each(["yes", "", 1])("refuses `lineage` as %j", (lineage) => {
    expect(told(readShort({ lineage }))).toEqual(["lineage: must be `true` or `false`"]);
  });

  it("shows mistakes of the environment beside those of the values", () => {
    expect(told(readShort({ repository: "widgets", license: "${NOT_SET}" }))).toEqual([
      "license: the environment variable NOT_SET is not set",
      "repository: must be `owner/name` of a GitHub repository",
    ]);
  });

  it("keeps what is readable for those who look for files", () => {
    const { outline } = readShort({ repository: "widgets", image: { repository: 7, context: "app" }, assets: "x" });
    const artifact = expect.objectContaining({ written: { ...defaultImage, context: "app" } });
    expect(outline.units).toEqual([{ artifacts: [artifact], lineage: false, signing: "off", tags: { prefix: "" } }]);
  });
});
