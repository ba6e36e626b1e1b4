import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import { labelKeys } from "../../../formats/artifact/labels.ts";
import type { HashedAsset } from "../../../observe/source/assets.ts";
import type { PublishedUnit } from "../../../observe/published/unit.ts";
import { planText } from "../../../plan/release/plan-text.ts";
import { planRelease, questionOf } from "../../../plan/release/release.ts";
import type { ArtifactPlan } from "../../../plan/artifact/artifact-plan.ts";
import type { ReleasePlan } from "../../../plan/release/release.ts";
import type { UnitOutputs } from "../../../formats/release/unit-outputs.ts";
import {
  commit,
  digest,
  identity,
  nothing,
  otherCommit,
  ourRelease,
  personsRelease,
  plannedProject,
} from "../made-up-project.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { Difference } from "../made-up-project.ts";

const web = "https://github.com";
const sourceHash = "5".repeat(64);
const asset: HashedAsset = { name: "install.yaml", path: "deploy/install.yaml", sha256: "d".repeat(64), size: 7 };

function planned(
  published: PublishedUnit = nothing,
  {
    difference = {},
    assets = [],
    before,
  }: { difference?: Difference; assets?: HashedAsset[]; before?: UnitOutputs } = {},
): ReleasePlan {
  const project = plannedProject(difference);
  const [unit] = project.units;
  if (!unit) {
    throw new Error("no unit was planned");
  }
  return planRelease({ project, unit, published, assets, sourceHashes: { widgets: sourceHash }, web, before });
}

function refused(published: PublishedUnit): ReleaseError {
  try {
    planned(published);
  } catch (error) {
    if (error instanceof ReleaseError) {
      return error;
    }
    throw error;
  }
  throw new Error("it was planned, and should have been refused");
}

const children = [
  { platform: "linux/amd64", digest: digest("1") },
  { platform: "linux/arm64", digest: digest("2") },
];

/** The image is in the registry, and its version tag is gone. */
const lost = { [digest("a")]: { digest: digest("a"), annotations: {}, children } };

/** The version tag of our image is there, with our labels. */
function tagged(): PublishedUnit["artifacts"] {
  const { artifacts } = planned();
  const annotations = { [labelKeys.revision]: commit, [labelKeys.buildInputs]: artifacts[0]?.buildInputs ?? "" };
  return { widgets: { digest: digest("a"), annotations, children } };
}

describe("planRelease, when nothing is published", () => {
  it("plans everything that the Release promises", () => {
    const plan = planned(nothing, {
      assets: [asset],
      difference: { config: { license: "MIT" }, files: [{ changelog: "## 1.2.3\n\n- it\n" }] },
    });
    const { artifacts, notes, ...rest } = plan;
    expect(rest).toEqual({
      unit: "widgets",
      version: "1.2.3",
      from: "the tag at HEAD",
      unitVersion: "widgets@1.2.3",
      provisional: false,
      prerelease: false,
      latest: true,
      repository: "acme/widgets",
      revision: commit,
      gitTag: "v1.2.3",
      tagPattern: "v{version}",
      title: "v1.2.3",
      assets: [{ name: asset.name, from: { path: asset.path, sha256: asset.sha256, size: asset.size } }],
      signing: "off",
      recordedSigning: "off",
      sigstore: {},
      githubAttestations: "auto",
      packageRegistry: "ghcr.io",
      source: "https://github.com/acme/widgets",
      leftOut: [],
      unreadable: [],
      published: false,
    });
    expect(notes).toMatch(/^- it\n\n## Artifacts\n/);
    expect(artifacts).toEqual([
      {
        kind: "image",
        name: "widgets",
        ociRepository: "ghcr.io/acme/widgets",
        tag: "1.2.3",
        buildInputs: expect.stringMatching(/^[0-9a-f]{64}$/),
        sourceHash,
        parameters: {
          context: ".",
          dockerfile: null,
          target: null,
          platforms: ["linux/amd64", "linux/arm64"],
          buildArgs: {},
        },
        children: [],
        decision: { how: "build" },
        context: ".",
        dockerfile: "Dockerfile",
        target: undefined,
        platforms: ["linux/amd64", "linux/arm64"],
        buildArgs: {},
        labels: {
          "dev.lockstep.build-inputs": artifacts[0]?.buildInputs,
          "org.opencontainers.image.created": "2026-01-02T03:04:05Z",
          "org.opencontainers.image.licenses": "MIT",
          "org.opencontainers.image.revision": commit,
          "org.opencontainers.image.source": "https://github.com/acme/widgets",
          "org.opencontainers.image.version": "1.2.3",
        },
        sourceDateEpoch: 1_767_323_045,
        buildOnPreview: true,
      },
    ]);
  });

  it("says what is left out", () => {
    expect(planned().leftOut).toEqual([
      "no text of its own in the notes: CHANGELOG.md has no section for this version",
      "no licenses label: `license` is not configured",
    ]);
  });

  it("roots every path in the workspace", () => {
    const config = { workspace: "../user", image: { repository: "ghcr.io/acme/widgets", context: "./app" } };
    const plan = planned(nothing, { difference: { config }, assets: [asset] });
    expect(plan.artifacts[0]).toMatchObject({ context: "../user/app", dockerfile: "../user/app/Dockerfile" });
    expect(plan.assets[0]?.from.path).toBe("../user/deploy/install.yaml");
  });

  it("takes a Dockerfile from the workspace, not from the context", () => {
    const config = {
      image: { repository: "ghcr.io/acme/widgets", context: "app", dockerfile: "docker/app.Dockerfile" },
    };
    expect(planned(nothing, { difference: { config } }).artifacts[0]).toMatchObject({
      context: "app",
      dockerfile: "docker/app.Dockerfile",
    });
  });

  it("puts the prefix before OCI tags, not before git's", () => {
    const { artifacts, gitTag } = planned(nothing, { difference: { config: { tags: { prefix: "rel-" } } } });
    expect([artifacts[0]?.tag, gitTag]).toEqual(["rel-1.2.3", "v1.2.3"]);
  });

  it("makes no pre-release GitHub's Latest", () => {
    const difference = { config: { lane: { accepts: "any" } }, workTree: { tags: ["v1.2.3-rc.1"] } };
    const { prerelease, latest, version } = planned(nothing, { difference });
    expect({ prerelease, latest, version }).toEqual({ prerelease: true, latest: false, version: "1.2.3-rc.1" });
  });

  it("names the title after the unit where it is not the first one", () => {
    const unit = (name: string) => ({ name, images: [{ repository: `ghcr.io/acme/${name}` }], signing: "off" });
    const { title, latest } = planned(nothing, {
      difference: { config: { units: [unit("app"), unit("cli")] }, workTree: { tags: ["cli-v2.0.0"] } },
    });
    expect({ title, latest }).toEqual({ title: "cli 2.0.0", latest: false });
  });
});

describe("questionOf", () => {
  it("is asked for the git tag and every version tag", () => {
    const project = plannedProject({
      config: { tags: { prefix: "v", git: "app/{version}" } },
      workTree: { tags: ["app/2.0.0"] },
    });
    expect(project.units.map((unit) => questionOf(project, unit))).toEqual([
      {
        repository: "acme/widgets",
        tag: "app/2.0.0",
        artifacts: [
          {
            name: "widgets",
            ociRepository: "ghcr.io/acme/widgets",
            tag: "v2.0.0",
            provenance: { revision: project.revision, buildInputs: expect.stringMatching(/^[0-9a-f]{64}$/) },
          },
        ],
        signing: "off",
        sigstore: {},
      },
    ]);
  });

  it("is asked for proofs by the expected identity, with the files of the workspace", () => {
    const sigstore = { trustedRoot: "deploy/root.json", signingConfig: "../shared/config.json" };
    const project = plannedProject({ config: { signing: identity, sigstore, workspace: "../user" } });
    expect(project.units.map((unit) => questionOf(project, unit))).toEqual([
      expect.objectContaining({
        signing: identity,
        sigstore: { trustedRoot: "../user/deploy/root.json", signingConfig: "../user/../shared/config.json" },
      }),
    ]);
  });
});

describe("planRelease, when something of others stands there", () => {
  it("refuses a git tag at another commit, naming both", () => {
    const { code, message } = refused({ ...nothing, gitTagCommit: otherCommit });
    expect(code).toBe("GIT_TAG_CONFLICT");
    expect(message).toMatch(
      new RegExp(`v1.2.3 of acme/widgets names the commit ${otherCommit}\\s+this run is at the commit ${commit}`),
    );
  });

  it("refuses a person's draft, naming title, author and page", () => {
    const { code, parts } = refused({ ...nothing, drafts: [ourRelease(), personsRelease] });
    expect({ code, reason: parts.reason }).toEqual({
      code: "DRAFT_FOREIGN",
      reason: `there is a draft for v1.2.3 that Lockstep did not make: "My notes" by ada, ${personsRelease.url}\nthis release is widgets@1.2.3`,
    });
  });

  it("refuses the draft of another unit, naming it", () => {
    expect(refused({ ...nothing, drafts: [{ ...personsRelease, owner: "cli@1.2.3" }] }).parts.reason).toContain(
      "a draft for v1.2.3 that belongs to cli@1.2.3",
    );
  });

  it.each([
    [undefined, "not made by Lockstep"],
    ["cli@1.2.3", "cli@1.2.3"],
  ])("refuses a Release whose owner is %s", (owner, words) => {
    const { code, parts } = refused({ ...nothing, release: { ...personsRelease, owner } });
    expect({ code, reason: parts.reason }).toEqual({
      code: "RELEASE_CONFLICT",
      reason: `${personsRelease.url} ("My notes" by ada) is ${words}\nthis release is widgets@1.2.3`,
    });
  });

  it("refuses another digest under the version tag", () => {
    expect(
      refused({ ...nothing, artifacts: { widgets: { digest: digest("a"), annotations: {}, children } } }).code,
    ).toBe("TAG_CONFLICT");
  });
});

describe("planRelease, when all of it is published", () => {
  const recordOf = (of: string): ReleaseRecord => {
    const [artifact] = planned().artifacts;
    return {
      unit: "widgets",
      version: "1.2.3",
      revision: commit,
      gitTag: "v1.2.3",
      artifacts: {
        widgets: {
          kind: "image",
          repository: artifact?.ociRepository ?? "",
          tag: "1.2.3",
          digest: of,
          buildInputs: artifact?.buildInputs ?? "",
        },
      },
      assets: {},
      policy: { signing: "off" },
    };
  };
  const all = (): PublishedUnit => ({ ...nothing, artifacts: tagged(), gitTagCommit: commit, release: ourRelease() });

  it("says so", () => {
    expect(planned(all()).published).toBe(true);
  });

  it.each<[string, Partial<PublishedUnit>]>([
    ["the Release", { release: undefined }],
    ["the git tag", { gitTagCommit: undefined }],
    ["a version tag", { artifacts: {}, release: ourRelease(recordOf(digest("a"))), untagged: lost }],
    ["publishing our draft", { release: undefined, drafts: [ourRelease()] }],
  ])("does not say so while %s is missing", (_, missing) => {
    expect(planned({ ...all(), ...missing }).published).toBe(false);
  });

  const before = (difference: Partial<UnitOutputs> = {}): UnitOutputs => ({
    version: "1.2.3",
    revision: commit,
    gitTag: "v1.2.3",
    repository: "acme/widgets",
    packageRegistry: "ghcr.io",
    artifacts: {
      widgets: {
        digest: digest("a"),
        how: "built",
        reference: `ghcr.io/acme/widgets:1.2.3@${digest("a")}`,
        sourceHash,
        sbom: false,
      },
    },
    assets: [],
    release: "https://github.com/acme/widgets/releases/tag/v1.2.3",
    signing: "off",
    leftOut: [],
    ...difference,
  });

  it.each([
    ["is of this version and commit", before(), "built"],
    ["is of another version", before({ version: "1.2.2" }), "adopted"],
    ["is of another commit", before({ revision: otherCommit }), "adopted"],
  ])("believes the last run's own output where it %s", (_, own, how) => {
    expect(planned(all(), { before: own }).artifacts[0]?.decision).toEqual({ how, digest: digest("a") });
  });
});

describe("planRelease, when a version tag of a published release is gone", () => {
  const difference: Difference = { config: { signing: identity } };
  const [image] = planned(nothing, { difference }).artifacts;
  const { ociRepository: repository = "", buildInputs = "" } = image ?? ({} as Partial<ArtifactPlan>);
  const record: ReleaseRecord = {
    unit: "widgets",
    version: "1.2.3",
    revision: commit,
    gitTag: "v1.2.3",
    artifacts: { widgets: { kind: "image", repository, tag: "1.2.3", digest: digest("a"), buildInputs } },
    assets: {},
    policy: { signing: identity },
  };
  const published: PublishedUnit = {
    ...nothing,
    gitTagCommit: commit,
    release: ourRelease(record, true),
    untagged: lost,
  };

  it("adopts the digest with all its platforms, so that each one's signature is checked before the tag returns", () => {
    const [artifact] = planned(published, { difference }).artifacts;
    expect(artifact).toMatchObject({ decision: { how: "adopted", digest: digest("a") }, children });
  });

  it("refuses it if one of its platforms is gone as well", () => {
    const untagged = { [digest("a")]: { digest: digest("a"), annotations: {}, children, missing: [digest("2")] } };
    expect(() => planned({ ...published, untagged }, { difference })).toThrow(digest("2"));
  });
});

describe("planRelease, when a unit is signed", () => {
  const difference: Difference = {
    config: {
      signing: { workflow: identity.workflow },
      sigstore: { trustedRoot: "deploy/root.json" },
      image: {
        repository: "ghcr.io/acme/widgets",
        context: "app",
        dockerfile: "app.Dockerfile",
        target: "runtime",
        platforms: ["linux/amd64"],
        buildArgs: { A: "1" },
      },
    },
  };
  const { artifacts, ...plan } = planned(nothing, { difference });
  const [image] = artifacts;
  const proofs = {
    [digest("a")]: { verified: [{ revision: commit, buildInputs: image?.buildInputs ?? "" }], refused: [] },
  };
  const there = { ...nothing, artifacts: { widgets: { digest: digest("a"), annotations: {}, children } } };

  it("plans who signs and where", () => {
    const { signing, sigstore } = plan;
    expect({ signing, sigstore }).toEqual({ signing: identity, sigstore: { trustedRoot: "deploy/root.json" } });
  });

  it("attests the configuration's own words of the build", () => {
    expect(image?.parameters).toEqual({
      context: "app",
      dockerfile: "app.Dockerfile",
      target: "runtime",
      platforms: ["linux/amd64"],
      buildArgs: { A: "1" },
    });
  });

  it("takes what is proved, with the manifests below it", () => {
    expect(planned({ ...there, proofs }, { difference }).artifacts).toEqual([
      expect.objectContaining({ decision: { how: "adopted", digest: digest("a") }, children }),
    ]);
  });

  it("refuses what is not", () => {
    expect(() => planned(there, { difference })).toThrow("[SIGNATURE_MISSING]");
  });

  it("tells readers how to verify", () => {
    expect(plan.notes).toContain("cosign verify-attestation --type slsaprovenance1 --trusted-root trusted_root.json ");
  });
});

describe("planText", () => {
  const notes = (of: string): string[] => [
    "  notes:",
    "    | - it",
    "    |",
    "    | ## Artifacts",
    "    |",
    "    | | name | kind | reference |",
    "    | | --- | --- | --- |",
    `    | | widgets | image | \`ghcr.io/acme/widgets:1.2.3@${of}\` |`,
  ];
  const files = [{ changelog: "## 1.2.3\n\n- it\n" }];

  it("tells all of it, with what only a push can tell", () => {
    expect(planText(planned(nothing, { assets: [asset], difference: { files } }))).toBe(
      [
        `widgets 1.2.3, version from the tag at HEAD, commit ${commit}`,
        "  image widgets: build and push → ghcr.io/acme/widgets:1.2.3@<known after push>",
        "  git tag v1.2.3",
        '  Release "v1.2.3", with install.yaml, checksums.txt, lockstep.release.json',
        "  left out: no licenses label: `license` is not configured",
        ...notes("<known after push>"),
        "    |",
        "    | ## Files",
        "    |",
        "    | Download the files and check them:",
        "    |",
        "    | ```sh",
        "    | sha256sum --check --ignore-missing checksums.txt",
        "    | ```",
        "    |",
        `    | Built from commit \`${commit}\`; \`lockstep.release.json\` lists every digest.`,
        "    | This release is **not signed** (`signing: off`).",
      ].join("\n"),
    );
  });

  it("tells a published one with its digest", () => {
    const published = { ...nothing, artifacts: tagged(), gitTagCommit: commit, release: ourRelease() };
    expect(planText(planned(published, { difference: { files, config: { license: "MIT" } } }))).toBe(
      [
        `widgets 1.2.3, version from the tag at HEAD, commit ${commit}`,
        "  already published: nothing to do",
        `  image widgets: taken as it is → ghcr.io/acme/widgets:1.2.3@${digest("a")}`,
        "  git tag v1.2.3",
        '  Release "v1.2.3", with lockstep.release.json',
        ...notes(digest("a")),
        "    |",
        `    | Built from commit \`${commit}\`; \`lockstep.release.json\` lists every digest.`,
        "    | This release is **not signed** (`signing: off`).",
      ].join("\n"),
    );
  });

  it("says of a provisional one that `up` would refuse", () => {
    const difference = { workTree: { tags: [] }, run: { preview: true } };
    expect(planText(planned(nothing, { difference })).split("\n")[0]).toBe(
      `widgets 0.0.0-preview.gc0ffee0 (provisional: this commit has no version tag, so \`up\` would refuse), version from nothing: provisional, commit ${commit}`,
    );
  });

  it("shows a control character of the notes as its number", () => {
    const text = "## 1.2.3\r\n\r\n- it \u001b[2J\r\n";
    const shown = planText(planned(nothing, { difference: { files: [{ changelog: text }] } }));
    expect(shown).toContain("\n    | - it \\u001b[2J\n");
    expect(shown).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it("says that a pre-release is one", () => {
    const difference = { config: { lane: { accepts: "prerelease" } }, workTree: { tags: ["v1.2.3-rc.1"] } };
    expect(planText(planned(nothing, { difference }))).toContain('Release "v1.2.3-rc.1", a pre-release, with ');
  });
});

describe("planRelease, when an image has an SBOM", () => {
  const sbom = { path: "dist/app.spdx.json", sha256: "5".repeat(64) };
  const difference: Difference = {
    config: {
      image: { repository: "ghcr.io/acme/widgets", sbom: sbom.path },
      signing: identity,
      workspace: "../user",
    },
    files: [{ artifacts: [{ sbom }] }],
  };
  const [attested] = planned(nothing, { difference }).artifacts;

  it("is planned with its path from the folder of Pulumi.yaml, and promised", () => {
    expect([attested?.sbom, attested?.attestations]).toEqual([
      { path: "../user/dist/app.spdx.json", sha256: sbom.sha256 },
      ["https://slsa.dev/provenance/v1", "https://spdx.dev/Document"],
    ]);
  });

  it("is built from the same inputs as without one", () => {
    const config = { signing: identity, workspace: "../user" };
    const [plain] = planned(nothing, { difference: { config } }).artifacts;
    expect([attested?.buildInputs, attested?.parameters]).toEqual([plain?.buildInputs, plain?.parameters]);
  });

  it("is refused where the published version promised none", () => {
    const [artifact] = planned(nothing, { difference: { ...difference, files: [] } }).artifacts;
    const {
      name = "",
      kind = "",
      ociRepository = "",
      tag = "",
      buildInputs = "",
      attestations = [],
    } = artifact ?? ({} as Partial<ArtifactPlan>);
    const record: ReleaseRecord = {
      unit: "widgets",
      version: "1.2.3",
      revision: commit,
      gitTag: "v1.2.3",
      artifacts: {
        [name]: {
          kind,
          repository: ociRepository,
          tag,
          digest: digest("a"),
          buildInputs,
          attestations: [...attestations],
        },
      },
      assets: {},
      policy: { signing: identity },
    };
    const published: PublishedUnit = {
      ...nothing,
      artifacts: { [name]: { digest: digest("a"), annotations: {}, children } },
      proofs: { [digest("a")]: { verified: [{ revision: commit, buildInputs }], refused: [] } },
      release: ourRelease(record),
    };
    expect(() => planned(published, { difference })).toThrow("[RELEASE_CONFLICT]");
    expect(planned(published, { difference: { ...difference, files: [] } }).artifacts[0]?.decision.how).toBe("adopted");
  });
});
