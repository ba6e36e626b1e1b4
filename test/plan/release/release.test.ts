import { describe, expect, it } from "vitest";
import type { PublishedUnit } from "../../../observe/published/unit.ts";
import { questionOf } from "../../../plan/release/release.ts";
import type { ArtifactPlan } from "../../../plan/artifact/artifact-plan.ts";
import { commit, digest, identity, nothing, ourRelease, plannedProject } from "../made-up-project.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { Difference } from "../made-up-project.ts";

import { asset, children, planned, sourceHash } from "./made-up-release.ts";

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
      head: commit,
      gitTag: "v1.2.3",
      tagPattern: "v{version}",
      title: "v1.2.3",
      assets: [{ name: asset.name, from: { path: asset.path, sha256: asset.sha256, size: asset.size } }],
      lineages: [],
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

  it("puts files without a signature behind all others, and says so of them", () => {
    const readme = { ...asset, name: "README.md", path: "charts/app/README.md", signed: false as const };
    const { assets } = planned(nothing, { assets: [readme, asset] });
    expect(assets.map(({ name, signed }) => [name, signed])).toEqual([
      ["install.yaml", undefined],
      ["README.md", false],
    ]);
  });

  it("roots every path in the workspace", () => {
    const config = { workspace: "../user", image: { repository: "ghcr.io/acme/widgets", context: "./app" } };
    const plan = planned(nothing, { difference: { config }, assets: [asset] });
    expect(plan.artifacts[0]).toMatchObject({ context: "../user/app", dockerfile: "../user/app/Dockerfile" });
    expect(plan.assets[0]?.from?.path).toBe("../user/deploy/install.yaml");
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
    expect(project.units.map((unit) => questionOf(project, unit, {}))).toEqual([
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
    expect(project.units.map((unit) => questionOf(project, unit, {}))).toEqual([
      expect.objectContaining({
        signing: identity,
        sigstore: { trustedRoot: "../user/deploy/root.json", signingConfig: "../user/../shared/config.json" },
      }),
    ]);
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
    [digest("a")]: {
      verified: [{ revision: commit, buildInputs: image?.buildInputs ?? "", parameters: {} }],
      refused: [],
    },
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

  it.each<[string, object[], unknown]>([
    ["what was attested", [{ parameters: { context: "old" } }], { context: "old" }],
    ["the same, if that is among it", [{ parameters: { context: "old" } }, {}], image?.parameters],
    ["nothing of another build", [{ buildInputs: "0", parameters: {} }, {}], image?.parameters],
    ["nothing of another commit", [{ revision: "0", parameters: {} }, {}], image?.parameters],
  ])("attests of what is published %s", (_, said, parameters) => {
    const ours = { revision: commit, buildInputs: image?.buildInputs ?? "", parameters: image?.parameters ?? {} };
    const found = { [digest("a")]: { verified: said.map((one) => ({ ...ours, ...one })), refused: [] } };
    expect(planned({ ...there, proofs: found }, { difference }).artifacts[0]?.parameters).toEqual(parameters);
  });

  it("refuses what is not", () => {
    expect(() => planned(there, { difference })).toThrow("[SIGNATURE_MISSING]");
  });

  it("tells readers how to verify", () => {
    expect(plan.notes).toContain("cosign verify-attestation --type slsaprovenance1 --trusted-root trusted_root.json ");
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
      proofs: { [digest("a")]: { verified: [{ revision: commit, buildInputs, parameters: {} }], refused: [] } },
      release: ourRelease(record),
    };
    expect(() => planned(published, { difference })).toThrow("[RELEASE_CONFLICT]");
    expect(planned(published, { difference: { ...difference, files: [] } }).artifacts[0]?.decision.how).toBe("adopted");
  });
});
