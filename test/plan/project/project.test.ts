import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import { commit, plannedProject } from "../made-up-project.ts";
import type { Difference } from "../made-up-project.ts";

const twoUnits = {
  units: [
    { name: "app", images: [{ repository: "ghcr.io/acme/app" }], signing: "off" },
    { name: "cli", images: [{ repository: "ghcr.io/acme/cli" }], signing: "off" },
  ],
};

/** The reasons of a refusal, one line for each mistake. */
function refusal(difference: Difference): string[] {
  try {
    plannedProject(difference);
  } catch (error) {
    if (error instanceof ReleaseError) {
      return error.parts.reason.split("\n");
    }
    throw error;
  }
  throw new Error("it was planned, and should have been refused");
}

describe("planProject, when nothing is wrong", () => {
  it("plans the one unit under the repository's name", () => {
    const { repository, workspace, revision, commitTime, units, skipped, warnings, buildOnPreview } = plannedProject();
    expect({ repository, workspace, revision, commitTime, skipped, warnings, buildOnPreview }).toEqual({
      repository: "acme/widgets",
      workspace: ".",
      revision: commit,
      commitTime: 1_767_323_045,
      skipped: [],
      warnings: [],
      buildOnPreview: true,
    });
    expect(
      units.map(({ name, version, tagPattern, latest }) => ({ name, version: version.version, tagPattern, latest })),
    ).toEqual([{ name: "widgets", version: "1.2.3", tagPattern: "v{version}", latest: true }]);
  });

  it.each([
    ["acme/Widgets", "widgets"],
    ["acme/.github", "github"],
    ["acme/Foo.Bar_x", "foo-bar-x"],
  ])("makes of the repository %s the name %s", (repository, name) => {
    expect(plannedProject({ config: { repository } }).units[0]?.name).toBe(name);
  });

  it("takes the given name and tag", () => {
    const [unit] = plannedProject({
      config: { name: "app", tags: { git: "app/{version}" } },
      workTree: { tags: ["app/2.0.0"] },
    }).units;
    expect([unit?.name, unit?.version.version, unit?.tagPattern]).toEqual(["app", "2.0.0", "app/{version}"]);
  });
});

describe("planProject, when the work tree has changes", () => {
  const workTree = { changed: [" M Dockerfile", "?? new.txt"] };

  it("is refused by `up`, with the files", () => {
    expect(refusal({ workTree })).toEqual([
      "1 mistake",
      expect.stringMatching(
        /^- git work tree = \[" M Dockerfile","\?\? new.txt"\]: has changes that are not committed/,
      ),
    ]);
  });

  it("is a warning in a preview, which then builds nothing", () => {
    const { warnings, buildOnPreview, units } = plannedProject({ workTree, run: { preview: true } });
    expect(warnings).toEqual([
      expect.stringMatching(/not committed \( M Dockerfile, \?\? new.txt\): `up` will refuse it/),
    ]);
    expect({ buildOnPreview, units: units.length }).toEqual({ buildOnPreview: false, units: 1 });
  });
});

describe("planProject, when signatures could be of a pull request's run", () => {
  const workflow = "acme/widgets/.github/workflows/release.yml";
  const units = [
    { name: "app", images: [{ repository: "ghcr.io/acme/app" }], signing: { workflow, refs: "refs/*" } },
    { name: "cli", images: [{ repository: "ghcr.io/acme/cli" }], signing: { workflow } },
    { name: "doc", images: [{ repository: "ghcr.io/acme/doc" }], signing: { workflow, refs: "refs/pull/*" } },
  ];

  it("warns of each such unit", () => {
    expect(plannedProject({ config: { units }, workTree: { tags: ["app-v1.2.3"] } }).warnings).toEqual([
      expect.stringMatching(/^units\[0\]\.signing\.refs = `refs\/\*` accepts runs of pull requests/),
      expect.stringMatching(/^units\[2\]\.signing\.refs = `refs\/pull\/\*` accepts runs of pull requests/),
    ]);
  });

  it("names the place as a single unit has it", () => {
    const signing = { workflow, refs: "refs/*" };
    expect(plannedProject({ config: { signing } }).warnings).toEqual([expect.stringMatching(/^signing\.refs = /)]);
  });

  it("warns of no unit that signs tags or branches, or nothing", () => {
    expect(plannedProject({ config: { signing: { workflow, refs: "refs/heads/*" } } }).warnings).toEqual([]);
  });
});

describe("planProject, when there is no version", () => {
  const workTree = { tags: [] };

  it("is refused by `up`, with the tag that would do", () => {
    expect(refusal({ workTree })).toEqual([
      "1 mistake",
      "- version: no version: no tag of the form `v{version}` is at HEAD; for example `git tag v1.2.3` on the commit, or `version: 1.2.3` in the configuration",
    ]);
  });

  it("names the tag as it is configured", () => {
    expect(refusal({ workTree, config: { tags: { git: "app/{version}" } } })[1]).toMatch(
      /`app\/\{version\}` is at HEAD; for example `git tag app\/1.2.3`/,
    );
  });

  it("names the tags of all units", () => {
    expect(refusal({ workTree, config: twoUnits })).toEqual([
      "1 mistake",
      expect.stringMatching(
        /^- units\[0\].version: no unit has one: app \(.*`app-v\{version\}`.*\), cli \(.*`cli-v\{version\}`.*git tag app-v1.2.3`.*`units\[0\].version: 1.2.3`/,
      ),
    ]);
  });

  it("is provisional in a preview", () => {
    expect(plannedProject({ workTree, run: { preview: true } }).units[0]?.version).toEqual({
      version: "0.0.0-preview.gc0ffee0",
      from: "nothing: provisional",
      provisional: true,
    });
  });

  it("is provisional for every unit in a preview", () => {
    const { units } = plannedProject({ workTree, config: twoUnits, run: { preview: true } });
    expect(units.map(({ name, version }) => [name, version.provisional])).toEqual([
      ["app", true],
      ["cli", true],
    ]);
  });
});

describe("planProject, when one unit of two has a version", () => {
  it.each([true, false])("releases that one and says why not the other (preview: %s)", (preview) => {
    const { units, skipped } = plannedProject({
      config: twoUnits,
      workTree: { tags: ["cli-v1.0.0"] },
      run: { preview },
    });
    expect(units.map(({ name }) => name)).toEqual(["cli"]);
    expect(skipped).toEqual([{ unit: "app", why: "no version: no tag of the form `app-v{version}` is at HEAD" }]);
  });

  it("gives GitHub's Latest to the first unit of the configuration only", () => {
    const { units } = plannedProject({ config: twoUnits, workTree: { tags: ["cli-v1.0.0", "app-v2.0.0"] } });
    expect(units.map(({ name, latest }) => [name, latest])).toEqual([
      ["app", true],
      ["cli", false],
    ]);
  });

  it("does not take the tag of a project with one unit", () => {
    expect(refusal({ config: twoUnits, workTree: { tags: ["v1.2.3"] } })[1]).toMatch(/no unit has one/);
  });

  it("keeps each unit's own files", () => {
    const files = [{ notes: "of app" }, { notes: "of cli" }];
    const { units } = plannedProject({ config: twoUnits, workTree: { tags: ["cli-v1.0.0"] }, files });
    expect(units.map(({ text }) => text)).toEqual(["of cli"]);
  });
});

describe("planProject, when the notes come from files", () => {
  const changelog = "## 1.2.3\n\n- it\n\n## 1.2.2\n";

  it("takes the version's section of CHANGELOG.md", () => {
    expect(plannedProject({ files: [{ changelog }] }).units[0]?.text).toBe("- it");
  });

  it("goes without where nobody asked for a changelog and it has no section", () => {
    expect(plannedProject({ files: [{ changelog: "## 1.2.2\n\n- old" }] }).units[0]?.text).toBeUndefined();
  });

  it("refuses where the configuration names a changelog without the section", () => {
    expect(
      refusal({ config: { notes: { changelog: "NEWS.md" } }, files: [{ changelog: "## 1.2.2\n\n- old" }] }),
    ).toEqual([
      "1 mistake",
      '- notes.changelog = "NEWS.md": has no section for 1.2.3; for example a heading `## 1.2.3`',
    ]);
  });

  it("lets a provisional version go without the section", () => {
    const difference = {
      config: { notes: { changelog: "NEWS.md" } },
      files: [{ changelog }],
      workTree: { tags: [] },
      run: { preview: true },
    };
    expect(plannedProject(difference).units[0]?.text).toBeUndefined();
  });

  it("takes a notes file whole", () => {
    expect(
      plannedProject({ config: { notes: { file: "n.md" } }, files: [{ notes: "# All of it\n" }] }).units[0]?.text,
    ).toBe("# All of it\n");
  });
});

describe("planProject, when the text of the notes is longer than GitHub takes", () => {
  const long = "x".repeat(110_001);
  const words =
    "more than 110000 characters, which exceeds GitHub's limit for notes; for example a shorter text with a link to the long one";

  it.each<[string, Difference, string]>([
    [
      "a section of CHANGELOG.md",
      { files: [{ changelog: `## 1.2.3\n\n${long}` }] },
      `- CHANGELOG.md: the version's section has ${words}`,
    ],
    [
      "a section of the configured changelog",
      { config: { notes: { changelog: "NEWS.md" } }, files: [{ changelog: `## 1.2.3\n\n${long}` }] },
      `- notes.changelog = "NEWS.md": the version's section has ${words}`,
    ],
    [
      "a notes file",
      { config: { notes: { file: "n.md" } }, files: [{ notes: long }] },
      `- notes.file = "n.md": has ${words}`,
    ],
  ])("refuses %s", (_, difference, mistake) => {
    expect(refusal(difference)).toEqual(["1 mistake", mistake]);
  });

  it("takes as much as there is room for, and does not count other sections", () => {
    const changelog = `## 1.2.3\n\n${long.slice(1)}\n\n## 1.2.2\n\n${long}`;
    expect(plannedProject({ files: [{ changelog }] }).units[0]?.text).toBe(long.slice(1));
  });
});

describe("planProject, when several things are wrong", () => {
  it("finds a version outside the lane beside any other mistake", () => {
    const config = { license: "", lane: { accepts: "1.x" }, version: "2.0.0" };
    expect(refusal({ config }).map((reason) => reason.split(/[=:]/)[0]?.trim())).toEqual([
      "2 mistakes",
      "- license",
      "- version",
    ]);
  });

  it("accepts any version while the lane itself cannot be read", () => {
    const config = { lane: { accepts: "soon" }, version: "2.0.0-rc.1" };
    expect(refusal({ config })).toEqual(["1 mistake", expect.stringMatching(/^- lane\.accepts/)]);
  });

  it("shows configuration, git, files and version together", () => {
    const reasons = refusal({
      config: { version: "v1.2.3", license: "${NOT_SET}", image: "acme/app" },
      workTree: { changed: ["?? x"] },
      fileMistakes: [
        { path: "image.dockerfile", value: "Dockerfile", reason: "does not exist", example: "`Dockerfile`" },
      ],
    });
    expect(reasons.map((reason) => reason.split(/[=:]/)[0]?.trim())).toEqual([
      "5 mistakes",
      "- license",
      "- image",
      "- image.dockerfile",
      "- git work tree",
      "- version",
    ]);
  });

  it("says what git says where there is no work tree", () => {
    const tree = {
      workTree: undefined,
      mistakes: [{ path: "workspace", value: ".", reason: "is no git work tree", example: "a clone" }],
    };
    expect(refusal({ tree, config: { repository: "x" } })).toEqual([
      "2 mistakes",
      expect.stringMatching(/^- repository = "x"/),
      '- workspace = ".": is no git work tree; for example a clone',
    ]);
  });

  it("shows each wrong version with its unit", () => {
    const units = twoUnits.units.map((unit) => ({ ...unit, version: `v-${unit.name}` }));
    expect(refusal({ config: { units } }).slice(1)).toEqual([
      expect.stringMatching(/^- units\[0\].version = "v-app": is not a semantic version/),
      expect.stringMatching(/^- units\[1\].version = "v-cli": is not a semantic version/),
    ]);
  });

  it("refuses a pre-release on a stable lane before anything starts", () => {
    expect(refusal({ workTree: { tags: ["v1.2.3-rc.1"] } })[1]).toMatch(
      /^- git tag v1.2.3-rc.1 = "1.2.3-rc.1": is a pre-release/,
    );
  });

  it("looks for the configured tag though the rest is wrong", () => {
    const config = { repository: "x", tags: { git: "app/{version}" } };
    expect(refusal({ config, workTree: { tags: ["v1.0.0", "v2.0.0"] } })).toHaveLength(2);
  });
});
