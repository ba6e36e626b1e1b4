import { shownLines } from "../errors/shown-text.ts";
import type { RunEvents, RunResource } from "./stack/engine-events.ts";

/** A unit of a run that failed. */
interface UnitProgress {
  /** `app@1.2.3`. */
  name: string;
  /** Address of its public Release; undefined if that was not reached. */
  release: string | undefined;
  /** What the world sees of it, a Markdown item each. */
  visible: string[];
  /** What was begun and not finished. */
  open: string[];
}

const train = "lockstep:release:ReleaseTrain";
const own = "pulumi-nodejs:dynamic/lockstep:";

/**
 * The summary of a run that failed, in Markdown: which units are complete, what is public of the others and what is not, what stopped the run,
 * and what to do. It says only what the engine's events say: a thing that was begun and whose end is unknown may be public.
 */
export function writeUnfinishedSummary({ resources, errors }: RunEvents): string {
  const units = resources.filter(({ type }) => type === train).map(({ name }) => readProgress(name, resources));
  const complete = units.filter(({ release }) => release !== undefined);
  const incomplete = units.filter(({ release }) => release === undefined);
  const wrote = resources.some(
    ({ type, state }) => type !== train && !type.startsWith("pulumi:") && state !== "failed",
  );
  const parts = [
    ["# The release is not complete"],
    wrote ? [] : ["This run stopped before it wrote anything."],
    complete.length > 0
      ? ["## Complete", "", ...complete.map(({ name, release }) => `- ${name}: [its Release](${release}) is public`)]
      : [],
    incomplete.length > 0 ? ["## Not complete", ...incomplete.flatMap(writeIncomplete)] : [],
    errors.length > 0 ? ["## What stopped it", ...errors.flatMap(writeError)] : [],
    [
      "## What to do",
      "",
      "Fix what the errors name, and run the same command again. It takes nothing back that is public: it completes what is not complete, and leaves the rest as it is.",
    ],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function readProgress(name: string, resources: readonly RunResource[]): UnitProgress {
  const mine = resources.filter(({ parent, type }) => parent === name && type.startsWith(own));
  const found = mine.flatMap((resource) => {
    const thing = nameThing(resource);
    return thing === undefined ? [] : [{ thing, state: resource.state }];
  });
  const release = mine.find(({ type, state }) => type === `${own}GitHubRelease` && state === "done");
  return {
    name,
    release: release && textOf(release.outputs, "url"),
    visible: found.filter(({ state }) => state === "done").map(({ thing }) => thing),
    open: found.filter(({ state }) => state !== "done").map(({ thing }) => thing),
  };
}

/** What people see of a resource; undefined for one that they do not see by itself. */
function nameThing({ type, inputs, outputs }: RunResource): string | undefined {
  const repository = textOf(inputs, "repository");
  const tag = textOf(inputs, "tag");
  switch (type.slice(own.length)) {
    case "ChartPush":
    case "ImageIndex": {
      const digest = textOf(outputs, "digest");
      return digest === "" ? `\`${repository}\`, by digest` : `\`${repository}@${digest}\`, by digest`;
    }
    case "OciTag":
      return `the version tag \`${repository}:${tag}\``;
    case "GitTag":
      return `the git tag \`${tag}\``;
    case "GitHubRelease":
      return `the Release \`${tag}\``;
    default:
      return undefined;
  }
}

function textOf(values: Readonly<Record<string, unknown>>, key: string): string {
  const value = values[key];
  return typeof value === "string" ? value : "";
}

function writeIncomplete({ name, visible, open }: UnitProgress): string[] {
  const release = open.some((thing) => thing.startsWith("the Release")) ? [] : ["its Release, which was not reached"];
  return [
    "",
    `### ${name}`,
    "",
    visible.length > 0 ? "Public:" : "Nothing of it is public.",
    ...(visible.length > 0 ? ["", ...visible.map((thing) => `- ${thing}`)] : []),
    "",
    "Not public, or not known to be:",
    "",
    ...[...open, ...release].map((thing) => `- ${thing}`),
  ];
}

/** Errors quote servers: a longer fence than any in the text keeps them in their block. */
function writeError(message: string): string[] {
  const longest = Math.max(2, ...[...message.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return ["", `${fence}text`, shownLines(message), fence];
}
