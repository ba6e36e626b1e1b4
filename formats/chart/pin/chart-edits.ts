import { placeIn } from "../chart-mistake.ts";
import type { ChartMistake } from "../chart-mistake.ts";
import { readChartYaml } from "../chart-yaml.ts";
import type { ChartMetadata } from "../chart-yaml.ts";
import type { ChartFile } from "../package/chart-file.ts";
import { readText } from "../package/chart-file.ts";
import { writePin } from "./pin-form.ts";
import type { PinForm, PinnedImage } from "./pin-form.ts";
import { readPinPath } from "./pin-path.ts";
import { splice } from "./splice.ts";

/** A value of values.yaml that names an image. */
export interface ChartPin extends PinnedImage {
  /** As helm's `--set` has it: `image.digest`. */
  path: string;
  form: PinForm;
}

/** The versions that replace those of Chart.yaml. Default for each: Chart.yaml's own. */
export interface ChartVersions {
  version?: string | undefined;
  appVersion?: string | undefined;
}

/** What is written into a chart's files before they are packaged. */
export interface ChartEdits {
  /** Written into values.yaml. Default: none. */
  pins?: ChartPin[] | undefined;
  /** Written into Chart.yaml. Default: nothing. */
  versions?: ChartVersions | undefined;
}

/** The files of a chart, and what its Chart.yaml says. */
interface ReadChart {
  metadata: ChartMetadata;
  files: readonly ChartFile[];
}

/** One value of one file. */
interface Edit {
  /** Its path as it is shown. */
  key: string;
  /** Undefined if the path cannot be read. */
  path: readonly (string | number)[] | undefined;
  value: string;
}

/**
 * Writes pins and versions into the files of a chart. Nothing else in these files changes, and no key is created.
 * @returns no chart if there is a mistake: one for each value that has no place, and for each version that no chart can have
 */
export function editChart(
  { metadata, files }: ReadChart,
  { pins = [], versions = {} }: ChartEdits,
): { chart: ReadChart | undefined; mistakes: ChartMistake[] } {
  const values = pins.map((pin) => ({ key: pin.path, path: readPinPath(pin.path), value: writePin(pin.form, pin) }));
  const own = Object.entries(versions).flatMap(([key, value]: [string, string | undefined]) =>
    value === undefined ? [] : [{ key, path: [key], value }],
  );
  const [valuesYaml, chartYaml] = [editFile(files, "values.yaml", values), editFile(files, "Chart.yaml", own)];
  const mistakes = [...valuesYaml.mistakes, ...chartYaml.mistakes];
  if (mistakes.length > 0) {
    return { chart: undefined, mistakes };
  }
  const edited = files.map((file) => [valuesYaml, chartYaml].find(({ path }) => path === file.path)?.file ?? file);
  if (own.length === 0) {
    return { chart: { metadata, files: edited }, mistakes };
  }
  const text = (path: string): string | undefined => {
    const file = edited.find((one) => one.path === path);
    return file && readText(file.bytes);
  };
  const read = readChartYaml(text("Chart.yaml") ?? "", text("requirements.yaml"));
  return { chart: read.metadata && { metadata: read.metadata, files: edited }, mistakes: read.mistakes };
}

function editFile(
  files: readonly ChartFile[],
  path: string,
  edits: readonly Edit[],
): { path: string; file: ChartFile | undefined; mistakes: ChartMistake[] } {
  const file = files.find((one) => one.path === path);
  const [first] = edits;
  if (first === undefined) {
    return { path, file, mistakes: [] };
  }
  const text = file && readText(file.bytes);
  if (text === undefined) {
    const reason = file ? "is not UTF-8" : `is not in the package, and \`${first.key}\` is written into it`;
    return { path, file, mistakes: [{ path, reason, example: `a ${path} with \`${first.key}\`` }] };
  }
  const mistakes: ChartMistake[] = [];
  let edited = text;
  for (const { key, path: keys, value } of edits) {
    const spliced = keys ? splice(edited, keys, value) : { refused: "is not a path of a value" };
    if ("text" in spliced) {
      edited = spliced.text;
    } else {
      mistakes.push({ path: placeIn(path, [key]), reason: spliced.refused, example });
    }
  }
  return { path, file: { path, bytes: Buffer.from(edited) }, mistakes };
}

const example = 'a value of its own on one line, such as `""`, or the path of one that is there';
