import { describe, expect, it } from "vitest";
import { labelKeys, labels } from "../../../formats/artifact/labels.ts";

const values = {
  version: "1.2.3",
  revision: "c0ffee",
  source: "https://github.com/acme/widgets",
  created: "2026-01-02T03:04:05Z",
  licenses: "Apache-2.0",
  buildInputs: "ab12",
};

describe("labels", () => {
  it("has the keys of the OCI image-spec, and ours", () => {
    expect(labels(values)).toEqual({
      "dev.lockstep.build-inputs": "ab12",
      "org.opencontainers.image.created": "2026-01-02T03:04:05Z",
      "org.opencontainers.image.licenses": "Apache-2.0",
      "org.opencontainers.image.revision": "c0ffee",
      "org.opencontainers.image.source": "https://github.com/acme/widgets",
      "org.opencontainers.image.version": "1.2.3",
    });
  });

  it("has its keys sorted, so that a digest over them is steady", () => {
    const keys = Object.keys(labels(values));
    expect(keys).toEqual(keys.toSorted());
  });

  it("leaves out a license that is not known", () => {
    expect(Object.keys(labels({ ...values, licenses: undefined }))).not.toContain(labelKeys.licenses);
  });
});
