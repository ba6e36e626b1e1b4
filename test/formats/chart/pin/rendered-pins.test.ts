import { describe, expect, it } from "vitest";
import type { ChartPin } from "../../../../formats/chart/pin/chart-edits.ts";
import { findPins } from "../../../../formats/chart/pin/rendered-pins.ts";

const hex = "a".repeat(64);
const pin = (form: ChartPin["form"], digest = `sha256:${hex}`): ChartPin => ({
  path: `image.${form}`,
  form,
  repository: "ghcr.io/acme/app",
  tag: "1.2.3",
  digest,
});

describe("findPins", () => {
  it.each<[what: string, text: string]>([
    ["a repository and a digest", `image: ghcr.io/acme/app@sha256:${hex}`],
    ["a tag and a digest", `image: "ghcr.io/acme/app:1.2.3@sha256:${hex}"`],
    ["an argument", `args: ["--image=ghcr.io/acme/app@sha256:${hex}"]`],
  ])("finds %s, whatever form the value had", (_, text) => {
    const pins = (["digest", "hex", "tag@digest", "ref"] as const).map((form) => pin(form));
    expect(findPins(["kind: A", text], pins)).toEqual({ lost: [], labels: [] });
  });

  it.each<[what: string, text: string]>([
    ["is not there", "image: ghcr.io/acme/app:1.2.3"],
    ["has the algorithm twice", `image: ghcr.io/acme/app@sha256:sha256:${hex}`],
    ["has no algorithm", `image: ghcr.io/acme/app@${hex}`],
    ["names no image", `digest: sha256:${hex}`],
    ["stands behind nothing", `image: "@sha256:${hex}"`],
    ["is that of another pin", `image: ghcr.io/acme/app@sha256:${"b".repeat(64)}`],
  ])("misses a digest that %s", (_, text) => {
    expect(findPins([text], [pin("digest")]).lost.map(({ path }) => path)).toEqual(["image.digest"]);
  });

  it("misses it if nothing is rendered, as of a library", () => {
    expect(findPins([], [pin("ref")]).lost).toHaveLength(1);
  });

  it("does not search for what pins nothing", () => {
    expect(findPins([""], [pin("repository"), pin("tag")]).lost).toEqual([]);
  });

  it("finds labels that no object can have, in every document and at every depth", () => {
    const deployment =
      "metadata: {labels: {version: v1@sha256:1, app: a}}\nspec:\n  selector: {matchLabels: {version: v2@sha256:2}}\n  template: {metadata: {labels: {version: v1@sha256:1}}}\n";
    const list = "items:\n- metadata: {labels: {x: y@z, empty: }, annotations: {mail: a@b.c}}\n";
    expect(findPins([`${deployment}---\n${list}`, ""], []).labels).toEqual(["v1@sha256:1", "v2@sha256:2", "y@z"]);
  });
});
