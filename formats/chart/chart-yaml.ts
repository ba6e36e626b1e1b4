import { z } from "zod";
import { ociComponent, ociTag } from "../artifact/oci-names.ts";
import { placeIn, wordIssues } from "./chart-mistake.ts";
import type { ChartMistake } from "./chart-mistake.ts";
import { chartTag } from "./chart-tag.ts";
import { ExactText, RawText, RequiredText, Switch, Text, Texts } from "./chart-text.ts";
import { Dependencies, dependencyKeys } from "./dependency.ts";
import { isCompleteVersion } from "./helm/helm-version.ts";
import { readHelmYaml } from "./helm/helm-yaml.ts";
import { renameKeys } from "./key-case.ts";

const Maintainer = z.object(
  { name: Text, email: Text, url: Text },
  { error: "must have `name`, and may have `email` and `url`" },
);

/** Chart.yaml, in the order in which helm writes it to the config blob. Unknown keys are ignored, as helm does. */
const ChartYaml = z.object(
  {
    name: RequiredText.refine((name) => ociComponent.test(name), {
      error: "must be lower-case letters and digits, joined by `-`, `_` or `.`: it ends the address of the chart",
    }),
    home: Text,
    sources: Texts,
    version: RequiredText.refine((version) => isCompleteVersion(version), {
      error: "is not a complete semantic version, and helm finds no other in a registry",
      abort: true,
    }).refine((version) => ociTag.test(chartTag(version)), { error: "is longer than a tag may be, 128 characters" }),
    description: Text,
    keywords: Texts,
    maintainers: z
      .array(Maintainer, { error: "must be a list" })
      .nullish()
      .transform((maintainers) => maintainers ?? []),
    icon: Text,
    apiVersion: z.enum(["v1", "v2"], { error: "must be `v2`, or `v1` for charts that Helm 2 can read" }),
    condition: Text,
    tags: Text,
    appVersion: ExactText,
    deprecated: Switch,
    annotations: z
      .record(z.string(), RawText, { error: "must be a map of texts" })
      .nullish()
      .transform((annotations) => annotations ?? {}),
    kubeVersion: ExactText,
    dependencies: Dependencies,
    type: z
      .enum(["", "application", "library"], { error: "must be `application` or `library`" })
      .nullish()
      .transform((type) => type ?? ""),
  },
  { error: "must be a map of keys and values" },
);

const knownKeys = {
  "": Object.keys(ChartYaml.shape),
  maintainers: Object.keys(Maintainer.shape),
  dependencies: dependencyKeys,
};

/** What Chart.yaml says, cleaned as helm does: "", false and empty lists for what it does not say. */
export type ChartMetadata = z.output<typeof ChartYaml>;

const examples: Readonly<Record<string, string>> = {
  name: "`name: app`",
  version: '`version: "1.2.3"`',
  appVersion: '`appVersion: "1.10"`',
  kubeVersion: '`kubeVersion: ">=1.29.0-0"`',
  apiVersion: "`apiVersion: v2`",
  maintainers: "`- name: Ada`",
  annotations: '`artifacthub.io/prerelease: "true"`',
  dependencies: "`- {name: redis, version: ^20.0.0, repository: oci://registry-1.docker.io/bitnamicharts}`",
  type: "`type: application`",
};

/**
 * Reads what a chart says of itself, and finds every mistake at once.
 * @param text of Chart.yaml
 * @param requirements text of requirements.yaml; undefined if there is none
 * @returns no metadata if there is a mistake
 */
export function readChartYaml(
  text: string,
  requirements?: string,
): { metadata: ChartMetadata | undefined; mistakes: ChartMistake[] } {
  const file = "Chart.yaml";
  const read = readHelmYaml(text);
  if ("unreadable" in read) {
    return unreadable(file, read.unreadable);
  }
  const { tree, mistakes } = renameKeys(file, read.value, knownKeys);
  const { data, error } = ChartYaml.safeParse(tree);
  mistakes.push(...(error ? wordIssues(file, tree, error, examples) : []));
  if (!data) {
    return { metadata: undefined, mistakes };
  }
  const listed = readRequirements(data, requirements);
  mistakes.push(...listed.mistakes);
  return { metadata: mistakes.length > 0 ? undefined : { ...data, dependencies: listed.dependencies }, mistakes };
}

/** helm 2 had the dependencies in a file of their own; a chart of apiVersion v1 still has. */
function readRequirements(
  { apiVersion, dependencies }: ChartMetadata,
  text: string | undefined,
): { dependencies: ChartMetadata["dependencies"]; mistakes: ChartMistake[] } {
  const file = "requirements.yaml";
  const wrong = (path: string, reason: string, example: string) => ({
    dependencies,
    mistakes: [{ path, reason, example }],
  });
  if (apiVersion === "v1" && dependencies !== undefined) {
    const reason = "needs `apiVersion: v2`: helm does not package it with v1";
    return wrong(placeIn("Chart.yaml", ["dependencies"]), reason, "`apiVersion: v2`, or the list in requirements.yaml");
  }
  if (text === undefined) {
    return { dependencies, mistakes: [] };
  }
  if (apiVersion === "v2") {
    const reason = "belongs to `apiVersion: v1`: helm does not package it with v2";
    return wrong(file, reason, "the same list as `dependencies` of Chart.yaml");
  }
  const read = readHelmYaml(text);
  if ("unreadable" in read) {
    return { dependencies, ...unreadable(file, read.unreadable) };
  }
  const { tree, mistakes } = renameKeys(file, read.value, { "": ["dependencies"], dependencies: dependencyKeys });
  const { data, error } = z
    .object({ dependencies: Dependencies }, { error: "must be a map with `dependencies`" })
    .safeParse(tree);
  return {
    dependencies: data?.dependencies,
    mistakes: [...mistakes, ...(error ? wordIssues(file, tree, error, examples) : [])],
  };
}

function unreadable(file: string, words: string): { metadata: undefined; mistakes: ChartMistake[] } {
  const mistake = { path: file, reason: `cannot be read as YAML: ${words}`, example: "`helm lint` shows the same" };
  return { metadata: undefined, mistakes: [mistake] };
}
