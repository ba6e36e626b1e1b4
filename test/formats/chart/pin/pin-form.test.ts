import { describe, expect, it } from "vitest";
import { pinForms, writePin } from "../../../../formats/chart/pin/pin-form.ts";

const hex = "c0".repeat(32);
const image = { repository: "ghcr.io/acme/app", tag: "1.2.3", digest: `sha256:${hex}` };

describe("writePin", () => {
  it("has a text for each form", () => {
    expect(Object.fromEntries(pinForms.map((form) => [form, writePin(form, image)]))).toEqual({
      digest: `sha256:${hex}`,
      hex,
      "tag@digest": `1.2.3@sha256:${hex}`,
      ref: `ghcr.io/acme/app@sha256:${hex}`,
      repository: "ghcr.io/acme/app",
      tag: "1.2.3",
    });
  });
});
