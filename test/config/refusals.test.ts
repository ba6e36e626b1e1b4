import { describe, expect, it } from "vitest";
import { readSpec } from "../../config/release/read-spec.ts";
import { appUnit, readShort, readUnits, shortConfig, told } from "./valid-config.ts";

describe("readSpec, when an image's repository is read", () => {
  it.each([
    ["widgets", "has no registry in front"],
    ["acme/widgets", "has no registry in front"],
    ["ghcr.io", "has no registry in front"],
    ["ghcr.io/acme/app:1.2.3", "must not have a tag or a digest: the version is the tag"],
    ["localhost:5000/app:latest", "must not have a tag or a digest: the version is the tag"],
    [`ghcr.io/acme/app@sha256:${"0".repeat(64)}`, "must not have a tag or a digest: the version is the tag"],
    ["ghcr.io/Acme/app", "must be lower case after the registry"],
    ["ghcr.io/acme/", "is no OCI repository name"],
    ["ghcr.io//app", "is no OCI repository name"],
    ["ghcr.io/acme/-app", "is no OCI repository name"],
    ["ghcr.io/acme/a..b", "is no OCI repository name"],
    ["https://ghcr.io/acme/app", "is no OCI repository name"],
    ["ghcr.io/acme/my app", "is no OCI repository name"],
  ])("refuses %j", (image, reason) => {
    expect(told(readShort({ image }))).toEqual([`image: ${reason}`]);
  });

  it.each([
    "ghcr.io/acme/app",
    "localhost/app",
    "localhost:5000/app",
    "127.0.0.1:5000/a/b/c",
    "registry:5000/a__b",
    "GHCR.io/acme/a-b.c_d",
    "docker.io/library/x",
  ])("takes %s", (image) => {
    expect(readShort({ image }).mistakes).toEqual([]);
  });
});

describe("readSpec, when an image's repository is long", () => {
  it("takes 255 characters", () => {
    expect(readShort({ image: `ghcr.io/${"a".repeat(247)}` }).mistakes).toEqual([]);
  });

  it.each([
    ["256 characters", `ghcr.io/${"a".repeat(248)}`],
    ["what the grammar would take seconds for", "a.".repeat(50_000)],
  ])("refuses %s, for its length alone", (_, image) => {
    expect(told(readShort({ image }))).toEqual(["image: must be at most 255 characters"]);
  });
});

describe("readSpec, when a path is read", () => {
  const refused = ["/etc/passwd", "..", "../x", "a/../b", "a/.."];

  it.each(refused)("refuses the asset %j", (path) => {
    expect(told(readShort({ assets: [{ path }] }))).toEqual([
      expect.stringMatching(/^assets\[0\].path: must be a path below the workspace/),
    ]);
  });

  it.each(refused)("refuses the context %j", (context) => {
    expect(told(readShort({ image: { repository: "ghcr.io/acme/app", context } }))).toEqual([
      expect.stringMatching(/^image.context: must be a path below the workspace/),
    ]);
  });

  it.each(["dockerfile", "context"])("refuses an empty %s", (key) => {
    expect(told(readShort({ image: { repository: "ghcr.io/acme/app", [key]: "" } }))).toEqual([
      `image.${key}: must not be empty`,
    ]);
  });

  it.each([
    ["glob", "/dist/*"],
    ["glob", "../dist/*"],
    ["path", "/x"],
  ])("refuses an asset's %s %j", (key, value) => {
    expect(told(readShort({ assets: [{ [key]: value }] }))).toEqual([
      expect.stringMatching(/must be a path below the workspace/),
    ]);
  });

  it.each(["..x", "a..b", ".hidden", "a/.b", "."])("takes %j", (path) => {
    expect(readShort({ assets: [{ path }] }).mistakes).toEqual([]);
  });

  it("lets the workspace lie above", () => {
    expect(readShort({ workspace: ".." }).spec?.workspace).toBe("..");
  });

  it("refuses an absolute workspace", () => {
    expect(told(readShort({ workspace: "/src" }))).toEqual([
      expect.stringMatching(/^workspace: must be a relative path/),
    ]);
  });
});

describe("readSpec, when tags are read", () => {
  it.each(["+", "-v", ".v", "a b", "v/", "x".repeat(34)])("refuses the prefix %j", (prefix) => {
    expect(told(readShort({ tags: { prefix } }))).toEqual([expect.stringMatching(/^tags.prefix: has characters/)]);
  });

  it.each(["", "v", "app-", "_"])("takes the prefix %j", (prefix) => {
    expect(readShort({ tags: { prefix } }).spec?.units[0]?.tags.prefix).toBe(prefix);
  });

  it.each(["v", "v{version}{version}", "v{Version}"])(
    "refuses the git tag %j, which does not name the version once",
    (git) => {
      expect(told(readShort({ tags: { git } }))).toContain("tags.git: must have `{version}` in it, once");
    },
  );

  it.each([
    "v {version}",
    "a//{version}",
    "/{version}",
    "-{version}",
    "{version}/",
    "{version}.lock",
    ".{version}",
    "a..{version}",
    "a/.{version}",
    "a~{version}",
    "a@{{version}",
  ])("refuses the git tag %j, which git would not take", (git) => {
    expect(told(readShort({ tags: { git } }))).toEqual(["tags.git: makes no valid git tag name"]);
  });

  it.each(["v{version}", "{version}", "app-v{version}", "app/v{version}", "{version}-app"])(
    "takes the git tag %j",
    (git) => {
      expect(readShort({ tags: { git } }).mistakes).toEqual([]);
    },
  );
});

describe("readSpec, when something stands twice", () => {
  const cli = { ...appUnit, name: "cli", images: [{ repository: "ghcr.io/acme/cli" }] };

  it("refuses two units with one name", () => {
    expect(told(readUnits(appUnit, { ...cli, name: "app" }))).toEqual([
      "units[1].name: is also the name of another unit",
    ]);
  });

  it.each([
    [{ git: "v{version}" }, { git: "v{version}" }, "v{version}", "v{version}"],
    [{ git: "cli-v{version}" }, undefined, "cli-v{version}", "cli-v{version}"],
    [undefined, { git: "app-v{version}-cli" }, "app-v{version}", "app-v{version}-cli"],
  ])("refuses two units whose tags (%j, %j) may be the same", (app, git, first, second) => {
    expect(readUnits({ ...appUnit, tags: app }, { ...cli, tags: git }).mistakes).toEqual([
      {
        path: "units[1].tags.git",
        value: second,
        reason: `matches tags that units[0].tags.git (\`${first}\`) also matches: one tag would be versions of two units`,
        example: "`cli/{version}`",
      },
    ]);
  });

  it("says only what is wrong with them of two equal patterns that are none", () => {
    const tags = { git: "v" };
    expect(told(readUnits({ ...appUnit, tags }, { ...cli, tags }))).toEqual([
      "units[0].tags.git: must have `{version}` in it, once",
      "units[1].tags.git: must have `{version}` in it, once",
    ]);
  });

  it("says once of two units with one name that they have one name", () => {
    const other = { ...appUnit, images: cli.images };
    expect(told(readUnits(appUnit, other))).toEqual(["units[1].name: is also the name of another unit"]);
  });

  it("refuses two images with one repository, and says it once", () => {
    const images = [{ repository: "ghcr.io/acme/app" }, { repository: "ghcr.io/acme/app" }];
    expect(told(readShort({ image: undefined, images }))).toEqual([
      "images[1].repository: is also the repository of another artifact",
    ]);
  });

  it("refuses one repository in two units", () => {
    expect(told(readUnits(appUnit, { ...cli, images: appUnit.images }))).toEqual([
      "units[1].images[0].repository: is also the repository of another artifact",
    ]);
  });

  it("refuses two images that would get one name", () => {
    const images = [{ repository: "ghcr.io/acme/app" }, { repository: "docker.io/acme/app" }];
    expect(told(readShort({ image: undefined, images }))).toEqual([
      "images[1].name: is also the name of another artifact",
    ]);
  });

  it("takes them when a name is given", () => {
    const images = [{ repository: "ghcr.io/acme/app" }, { name: "hub", repository: "docker.io/acme/app" }];
    expect(readShort({ image: undefined, images }).mistakes).toEqual([]);
  });

  it("refuses a platform that stands twice", () => {
    const image = { repository: "ghcr.io/acme/app", platforms: ["linux/amd64", "linux/amd64"] };
    expect(told(readShort({ image }))).toEqual(["image.platforms: names a platform twice"]);
  });
});

describe("readSpec, when two forms are mixed", () => {
  it("refuses `image` beside `images`", () => {
    expect(told(readShort({ images: [{ repository: "ghcr.io/acme/b" }] }))).toEqual(["image: stands beside `images`"]);
  });

  it.each(["image", "images", "version", "signing", "assets", "tags", "license", "notes", "name"])(
    "refuses `%s` beside `units`, and says it once",
    (key) => {
      const config = {
        "lockstep:repository": "acme/widgets",
        "lockstep:units": JSON.stringify([appUnit]),
        [`lockstep:${key}`]: "x",
      };
      expect(told(readSpec(config, {}))).toEqual([`${key}: belongs to a unit, but the stack has a list of \`units\``]);
    },
  );

  it.each([
    ["path and glob", { path: "a", glob: "b" }],
    ["neither", {}],
  ])("refuses an asset with %s", (_, asset) => {
    expect(told(readShort({ assets: [asset] }))).toEqual(["assets[0]: must have either `path` or `glob`"]);
  });

  it.each([
    ["changelog and file", { changelog: "a", file: "b" }],
    ["neither", {}],
  ])("refuses notes with %s", (_, notes) => {
    expect(told(readShort({ notes }))).toEqual(["notes: must have either `changelog` or `file`"]);
  });
});

describe("readSpec, when something is missing", () => {
  it.each([
    ["nothing at all", {}],
    ["only keys of others", { "github:owner": "acme" }],
  ])("says of %s, in one line, that the configuration is empty", (_, config) => {
    expect(told(readSpec(config, {}))).toEqual([
      "configuration: is empty: no key of `lockstep:` is set for this stack",
    ]);
  });

  it("says that the repository is missing", () => {
    expect(readShort({ repository: undefined }).mistakes).toEqual([
      { path: "repository", value: undefined, reason: "is missing", example: "`acme/widgets`" },
    ]);
  });

  it("says that the short form releases nothing", () => {
    expect(told(readShort({ image: undefined }))).toEqual([
      "configuration: releases nothing: it has no images, charts or assets",
    ]);
  });

  it("says which unit of the long form releases nothing", () => {
    expect(told(readUnits(appUnit, { name: "cli", signing: "off", images: [] }))).toEqual([
      "units[1]: releases nothing: it has no images, charts or assets",
    ]);
  });

  it("says that several units need names", () => {
    const { name: _, ...unnamed } = appUnit;
    expect(told(readUnits({ ...unnamed, images: [{ repository: "ghcr.io/acme/cli" }] }, appUnit))).toEqual([
      "units[0].name: is missing: several units need names",
    ]);
  });

  it("refuses a list without units", () => {
    expect(told(readUnits())).toEqual(["units: must have at least one unit"]);
  });

  it("refuses a list that is no list", () => {
    expect(told(readSpec({ "lockstep:repository": "acme/widgets", "lockstep:units": "app" }, {}))).toEqual([
      "units: must be of type array",
    ]);
  });
});

describe("readSpec, when a lane is read", () => {
  it.each(["stable", "prerelease", "any", "1.2.x", ">=1 <2", "^1.2"])("takes `accepts: %s`", (accepts) => {
    expect(readShort({ lane: { accepts } }).spec?.lane.accepts).toBe(accepts);
  });

  it.each(["prod", "", "1.2.y.z"])("refuses `accepts: %s`", (accepts) => {
    expect(told(readShort({ lane: { accepts } }))).toEqual([
      "lane.accepts: must be `stable`, `prerelease`, `any` or a semver range",
    ]);
  });
});

describe("readSpec, when build arguments are not texts", () => {
  it.each([[["x"]], [{ a: "x" }], [null]])("refuses %j", (value) => {
    expect(told(readShort({ image: { repository: "ghcr.io/acme/app", buildArgs: { A: value } } }))).toEqual([
      "image.buildArgs.A: must be a text, a number or a boolean",
    ]);
  });
});

describe("readSpec, when nothing is wrong", () => {
  it("has no mistakes and a configuration", () => {
    const { spec, mistakes } = readSpec(shortConfig, {});
    expect({ mistakes, read: spec !== undefined }).toEqual({ mistakes: [], read: true });
  });
});

describe("readSpec, when a build argument would make BuildKit attest something itself", () => {
  it.each(["BUILDKIT_ATTEST_SBOM", "BUILDKIT_ATTEST_PROVENANCE"])("refuses %s", (name) => {
    const image = { repository: "ghcr.io/acme/app", buildArgs: { [name]: "", FLAVOUR: "small" } };
    expect(told(readShort({ image }))).toEqual([
      expect.stringMatching(new RegExp(`^image\\.buildArgs\\.${name}: makes BuildKit put an unsigned attestation`)),
    ]);
  });
});
