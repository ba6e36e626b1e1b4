import { describe, expect, it } from "vitest";
import { readUnitOutputs } from "../../../formats/release/unit-outputs.ts";
import type { UnitOutputs } from "../../../formats/release/unit-outputs.ts";

const unit: UnitOutputs = {
  version: "1.2.3",
  revision: "c".repeat(40),
  gitTag: "v1.2.3",
  repository: "acme/widgets",
  packageRegistry: "ghcr.io",
  artifacts: {
    app: {
      digest: `sha256:${"a".repeat(64)}`,
      how: "built",
      reference: "ghcr.io/acme/app",
      sourceHash: "",
      sbom: false,
    },
  },
  assets: [],
  release: "https://github.com/acme/widgets/releases/tag/v1.2.3",
  signing: "off",
  leftOut: [],
};

describe("readUnitOutputs", () => {
  it("reads what the release train writes", () => {
    expect(readUnitOutputs({ app: unit })).toEqual({ app: unit });
  });

  it.each<[string, unknown]>([
    ["no outputs", undefined],
    ["something else", "units"],
    ["a unit in another form", { app: { version: "1.2.3" } }],
    ["a unit with another kind of value", { app: { ...unit, artifacts: { app: { digest: 1 } } } }],
  ])("reads no unit of %s", (_, outputs) => {
    expect(readUnitOutputs(outputs)).toEqual({});
  });

  it("leaves out only the unit that it cannot read", () => {
    expect(Object.keys(readUnitOutputs({ old: {}, app: unit }))).toEqual(["app"]);
  });
});
