import { chartIn, lineageName } from "../../formats/release/attestation-lineage.ts";
import { filled, digestPlace } from "../../formats/release/places.ts";
import { checksumsName } from "../../formats/release/checksums.ts";
import { dependencyEntry, installCommands } from "../../formats/release/install-commands.ts";
import { recordName } from "../../formats/release/release-record.ts";
import { codeBlock, collapsedCode } from "./markdown-code.ts";
import { ownSigstore, trustedRootName } from "./own-sigstore.ts";
import type { SigningIdentity, SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { artifactCommands, checksumCommand, fileCommand } from "../../formats/release/verification-commands.ts";
import type { CommandTrust } from "../../formats/release/verification-commands.ts";

/** An artifact as notes name it. */
export interface NotedArtifact {
  name: string;
  kind: string;
  /** With its registry, without a tag. */
  ociRepository: string;
  tag: string;
  /** Whether an SBOM is attested. */
  sbom: boolean;
  /** False for a library, which only serves other artifacts. Default true. */
  installable?: boolean;
}

/** What the notes are made of. */
export interface NotesContent {
  /** From the changelog or the notes file, with any line ends. */
  text: string | undefined;
  artifacts: readonly NotedArtifact[];
  /** The version that is released. */
  version: string;
  /** The attached files, without those that Lockstep makes; `signed: false` for one without a signature of its own. */
  assets: readonly { name: string; signed?: false }[];
  /** Full commit id. */
  revision: string;
  /** `owner/name` on GitHub. */
  repository: string;
  signing: SigningPolicy;
  /** Trusted root of the project's own Sigstore, relative to the workspace; undefined for the public Sigstore. */
  trustedRoot: string | undefined;
}

/** Characters. GitHub takes 125,000; the rest is for the marks around the notes and what people write beside them. */
const longest = 120_000;

/**
 * The notes of a Release in Markdown, with a place for each digest.
 * What a reader needs after the text: where each artifact is, how to install a chart, how to check the files, and how to verify the
 * signatures, or that there are none. Where commands for every artifact would make them longer than GitHub takes, there are those for the first one.
 */
export function notes(content: NotesContent): string {
  const whole = assembled(content, content.artifacts);
  return filled(whole, () => `sha256:${"0".repeat(64)}`).length <= longest
    ? whole
    : assembled(content, content.artifacts.slice(0, 1));
}

function assembled(content: NotesContent, shown: readonly NotedArtifact[]): string {
  const { text, artifacts, assets, revision, signing } = content;
  const parts = [
    text?.replaceAll("\r\n", "\n").trim() || undefined,
    artifacts.length > 0
      ? [
          "## Artifacts",
          "",
          "| name | kind | reference |",
          "| --- | --- | --- |",
          ...artifacts.map(
            ({ name, kind, ociRepository, tag }) =>
              `| ${name} | ${kind} | \`${ociRepository}:${tag}@${digestPlace(name)}\` |`,
          ),
        ].join("\n")
      : undefined,
    installation(content),
    assets.length > 0
      ? ["## Files", "", "Download the files and check them:", "", ...codeBlock([checksumCommand])].join("\n")
      : undefined,
    signing === "off" ? undefined : verification(content, shown, signing),
    [
      ...listLineages(content).map(
        (name) => `\`${name}\` lists the attestations that led to this chart, and the pull request that it came from.`,
      ),
      `Built from commit \`${revision}\`; \`${recordName}\` lists every digest.`,
      ...(signing === "off" ? ["This release is **not signed** (`signing: off`)."] : []),
    ].join("\n"),
  ];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

/** Names of the attached files that say where a chart of the unit came from. */
function listLineages({ artifacts, assets }: NotesContent): string[] {
  const names = artifacts
    .filter(({ kind }) => kind === "chart")
    .map(({ ociRepository }) => lineageName(chartIn(ociRepository)));
  return names.filter((name) => assets.some((asset) => asset.name === name));
}

/** How each chart is installed, or, for a library, how another chart uses it. */
function installation({ artifacts, version }: NotesContent): string | undefined {
  const charts = artifacts.filter(({ kind }) => kind === "chart");
  if (charts.length === 0) {
    return undefined;
  }
  return [
    "## Install",
    ...charts.flatMap(({ name, ociRepository: repository, tag, installable = true }) => {
      if (!installable) {
        return [
          "",
          "In the Chart.yaml of a chart that uses it:",
          "",
          "```yaml",
          ...dependencyEntry({ repository, version }),
          "```",
        ];
      }
      const { byVersion, byDigest } = installCommands({ repository, version, digest: digestPlace(name) });
      const plus = tag === version ? "" : ` Its tag is \`${tag}\`, but helm finds the version by \`--version\` only.`;
      return [
        "",
        `With [helm](https://helm.sh) 3.8 or later.${plus}`,
        "",
        ...codeBlock([byVersion]),
        "",
        "By its digest, which always names the same bytes, with helm 3.18 or later:",
        "",
        ...codeBlock([byDigest]),
      ];
    }),
  ].join("\n");
}

function verification(
  { artifacts, assets, trustedRoot }: NotesContent,
  shown: readonly NotedArtifact[],
  identity: SigningIdentity,
): string {
  const trust: CommandTrust = { identity, trustedRoot: trustedRoot && trustedRootName };
  const first = assets.find(({ signed }) => signed !== false)?.name;
  const signedFiles = [...(assets.length > 0 ? [checksumsName] : []), first ?? [], recordName].flat();
  const unsigned = assets.filter(({ signed }) => signed === false).map(({ name }) => name);
  return [
    "## Verify",
    "",
    `Signed by the workflow \`${identity.workflow}\` at \`${identity.refs}\`. To paste, with [cosign](https://github.com/sigstore/cosign) 3${artifacts.length > 0 ? " and [gh](https://cli.github.com), logged in" : ""}:`,
    ...(trustedRoot === undefined ? [] : ["", ownSigstore(trustedRoot)]),
    ...shown.flatMap(({ name, ociRepository: image, sbom }) =>
      collapsedCode(
        `<code>${name}</code>: signature, provenance${sbom ? ", SBOM" : ""}`,
        artifactCommands({ reference: `${image}@${digestPlace(name)}`, sbom }, trust),
      ),
    ),
    ...collapsedCode(
      assets.length === 0 ? `<code>${recordName}</code>` : "files, each with its <code>.sigstore.json</code>",
      signedFiles.map((name) => fileCommand(name, trust)),
    ),
    ...(unsigned.length > 0
      ? ["", `${unsigned.join(", ")}: no signature of their own, \`${checksumsName}\` has their sha256.`]
      : []),
    ...(shown.length < artifacts.length
      ? ["", "The commands are the same for every other reference above: replace repository and digest."]
      : []),
    ...(artifacts.length > 0
      ? [
          "",
          "`cosign verify` takes anything that this workflow attested for a signature; the command after it asks for the signature itself.",
        ]
      : []),
  ].join("\n");
}
