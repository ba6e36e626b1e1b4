import { parseAllDocuments } from "yaml";
import type { ChartPin } from "./chart-edits.ts";

/** What a rendered chart shows of its pins. */
export interface RenderedPins {
  /** Pins whose digest names no image in any text: their values are not used, or in another form. */
  lost: ChartPin[];
  /** Values of labels with an `@`, each once: Kubernetes refuses such an object. */
  labels: string[];
}

/**
 * Searches a rendered chart for its pins. The same field means `sha256:…` to one chart and the bare digits to the next, so that only what is
 * rendered proves a pin: somewhere an image must be named with `@sha256:…`.
 * @param texts what helm rendered, once for each file of values
 * @param pins those that were written, each with a digest of its own. Forms without a digest pin nothing, and are not searched for
 */
export function findPins(texts: readonly string[], pins: readonly ChartPin[]): RenderedPins {
  const lost = pins.filter(
    ({ form, digest }) => form !== "repository" && form !== "tag" && !texts.some((text) => namesImage(text, digest)),
  );
  const labels = texts.flatMap((text) =>
    parseAllDocuments(text, { prettyErrors: false }).flatMap((document) => findLabels(document.toJS() as unknown)),
  );
  return { lost, labels: [...new Set(labels)] };
}

function namesImage(text: string, digest: string): boolean {
  return text.split(`@${digest}`).some((part, at, parts) => at < parts.length - 1 && /[\w.-]$/.test(part));
}

/** Source: kubernetes.io, "Labels and Selectors": letters, digits, `-`, `_` and `.`. */
function findLabels(value: unknown): string[] {
  if (value === null || typeof value !== "object") {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const isLabels = (key === "labels" || key === "matchLabels") && inner !== null && typeof inner === "object";
    const wrong = isLabels ? Object.values(inner).filter((text) => typeof text === "string" && text.includes("@")) : [];
    return [...wrong.map(String), ...findLabels(inner)];
  });
}
