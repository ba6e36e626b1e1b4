import { describe, expect, it } from "vitest";
import { explainOtherImage, readHubImages } from "../../../formats/chart/hub-images.ts";

const key = "artifacthub.io/images";
const digest = `sha256:${"a".repeat(64)}`;

describe("readHubImages", () => {
  it.each<[string, Record<string, string>, readonly string[]]>([
    ["nothing", {}, []],
    ["an empty text", { [key]: " \n" }, []],
    [
      "a list",
      { [key]: "- name: app\n  image: ghcr.io/acme/app:1.2.3\n- image: redis:7\n  platforms: [linux/amd64]\n" },
      ["ghcr.io/acme/app:1.2.3", "redis:7"],
    ],
  ])("reads %s", (_, annotations, images) => {
    expect(readHubImages(annotations)).toEqual({ images, unreadable: undefined });
  });

  it.each([
    ["a text", "ghcr.io/acme/app:1.2.3", `${key} is not a list of images, each with an \`image\``],
    ["an item without an image", "- name: app\n", `${key} is not a list of images, each with an \`image\``],
    ["no YAML", "- {", `${key} cannot be read as YAML: `],
  ])("says why it cannot read %s", (_, text, why) => {
    expect(readHubImages({ [key]: text })).toEqual({ images: [], unreadable: expect.stringContaining(why) });
  });
});

describe("explainOtherImage", () => {
  const app = { repository: "localhost:5000/acme/app", tag: "1.2.3", digest };
  it.each<[string, string | undefined]>([
    ["localhost:5000/acme/app:1.2.3", undefined],
    [`localhost:5000/acme/app:1.2.3@${digest}`, undefined],
    [`localhost:5000/acme/app@${digest}`, undefined],
    ["localhost:5000/acme/apps:1.0.0", undefined],
    ["ghcr.io/acme/app:1.0.0", undefined],
    ["localhost:5000/acme/app:1.2.2", "the chart is released with 1.2.3"],
    [`localhost:5000/acme/app:1.2.2@${digest}`, "the chart is released with 1.2.3"],
    [`localhost:5000/acme/app:1.2.3@sha256:${"b".repeat(64)}`, `the chart is released with ${digest}`],
    ["localhost:5000/acme/app", "it has no tag: the chart is released with 1.2.3"],
  ])("of %s says %s", (reference, said) => {
    expect(explainOtherImage(reference, app)).toBe(said);
  });

  it("asks for no digest of an image that is pushed in the run", () => {
    const unknown = { ...app, digest: undefined };
    expect(explainOtherImage(`localhost:5000/acme/app:1.2.3@${digest}`, unknown)).toBe(
      "the digest is known only when the image is pushed: leave it out here",
    );
    expect(explainOtherImage("localhost:5000/acme/app:1.2.3", unknown)).toBeUndefined();
  });
});
