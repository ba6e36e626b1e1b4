import { hubTag } from "../../formats/chart/hub/artifact-hub.ts";
import { checksumsName } from "../../formats/release/checksums.ts";
import { shownLines } from "../../errors/shown-text.ts";
import { filled } from "../../formats/release/places.ts";
import { awaitedImages } from "../artifact/pinned-chart.ts";
import { recordName } from "../../formats/release/release-record.ts";
import type { ReleasePlan } from "./release.ts";

/**
 * What a run would do for one unit, for people: tags, assets, the whole notes. Digests that only a push can tell stand as
 * `<known after push>`. Notes may be the words of others, so every line is as shownText() shows it.
 */
export function planText(plan: ReleasePlan): string {
  const digests = Object.fromEntries(
    plan.artifacts.map(({ name, decision }) => [
      name,
      decision.how === "build" ? "<known after push>" : decision.digest,
    ]),
  );
  const provisional = plan.provisional ? " (provisional: this commit has no version tag, so `up` would refuse)" : "";
  const files = [...plan.assets, ...(plan.lineages ?? [])].map(({ name }) => name);
  const lines = [
    `${plan.unit} ${plan.version}${provisional}, version from ${plan.from}, commit ${plan.revision}${plan.revision === plan.head ? "" : `, which is before this run's ${plan.head}`}`,
    plan.published ? "  already published: nothing to do" : undefined,
    ...plan.artifacts.flatMap((artifact) => {
      const { name, kind, ociRepository, tag, decision } = artifact;
      const pinned = artifact.kind === "chart" ? artifact.pinned : undefined;
      const awaited = pinned ? awaitedImages(pinned) : [];
      const known = awaited.length > 0 ? `, package known after the push of ${awaited.join(", ")}` : "";
      return [
        `  ${kind} ${name}: ${verb[decision.how]}${known} → ${ociRepository}:${tag}@${digests[name]}`,
        ...(pinned?.pins ?? []).map(
          ({ path, form, artifact: image, version }) => `    ${path}: ${form} of ${image} ${version}`,
        ),
      ];
    }),
    `  git tag ${plan.gitTag}`,
    `  Release "${plan.title}"${plan.prerelease ? ", a pre-release" : ""}, with ${[...files, ...(files.length > 0 ? [checksumsName] : []), recordName].join(", ")}`,
    ...plan.artifacts.flatMap((one) =>
      one.kind === "chart" && one.hubFile
        ? [`  after the Release: ${one.ociRepository}:${hubTag}, with ${one.hubFile.path}`]
        : [],
    ),
    ...plan.leftOut.map((what) => `  left out: ${what}`),
    "  notes:",
    ...filled(plan.notes, (name) => digests[name])
      .split("\n")
      .map((line) => `    | ${line}`.trimEnd()),
  ];
  return shownLines(lines.filter((line) => line !== undefined).join("\n"));
}

const verb = { build: "build and push", built: "built before", adopted: "taken as it is" } as const;
