import { z } from "zod";
import { readHelmYaml } from "../helm/helm-yaml.ts";

const key = "artifacthub.io/changes";

const Change = z.object({
  kind: z.string().optional(),
  description: z.string().min(1),
  links: z.array(z.object({ name: z.string(), url: z.string() })).optional(),
});
type Change = z.output<typeof Change>;

/** The two forms that Artifact Hub reads: texts, or changes of a kind. Source: artifacthub.io/docs/topics/annotations/helm. */
const Changes = z.union([z.array(z.string().min(1)).min(1), z.array(Change).min(1)]);

/** What Chart.yaml says has changed in its version. */
export interface ChartChanges {
  /** A Markdown list; undefined if there is no such annotation, or it cannot be read. */
  text: string | undefined;
  /** Why the annotation cannot be read; undefined if nothing is wrong. */
  unreadable: string | undefined;
}

/**
 * Reads the annotation `artifacthub.io/changes` of Chart.yaml.
 * @param annotations of Chart.yaml
 */
export function readChanges(annotations: Readonly<Record<string, string>>): ChartChanges {
  const written = Object.hasOwn(annotations, key) ? (annotations[key] ?? "") : "";
  if (written.trim() === "") {
    return { text: undefined, unreadable: undefined };
  }
  const yaml = readHelmYaml(written);
  if ("unreadable" in yaml) {
    return { text: undefined, unreadable: `${key} cannot be read as YAML: ${yaml.unreadable}` };
  }
  const { data } = Changes.safeParse(yaml.value);
  return data === undefined
    ? { text: undefined, unreadable: `${key} is neither a list of texts nor one of changes with a \`description\`` }
    : { text: data.map(writeChange).join("\n"), unreadable: undefined };
}

function writeChange(change: string | Change): string {
  if (typeof change === "string") {
    return writeItem(change);
  }
  const { kind = "", description, links = [] } = change;
  const title = kind === "" ? "" : `**${kind.charAt(0).toUpperCase()}${kind.slice(1)}**: `;
  const linked = links.length > 0 ? ` (${links.map(writeLink).join(", ")})` : "";
  return writeItem(`${title}${description.trim()}${linked}`);
}

function writeLink({ name, url }: { name: string; url: string }): string {
  return /^https?:\/\/[^\s<>]+$/.test(url) ? `[${name.replaceAll(/[[\]]/g, String.raw`\$&`)}](<${url}>)` : name;
}

/** Indents the further lines of a text, so that they stay in its item. */
function writeItem(text: string): string {
  return `- ${text.trim().replaceAll(/\r?\n(?=.)/g, "\n  ")}`;
}
