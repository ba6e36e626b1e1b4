import { describe, expect, it } from "vitest";
import {
  makeAttestationStatement,
  provenance,
  provenancePredicate,
  readProvenance,
  makeSignatureStatement,
} from "../../../formats/signing/statement.ts";

const hex = "a".repeat(64);
const digest = `sha256:${hex}`;

describe("signatureStatement", () => {
  it("says byte for byte what cosign 3 says", () => {
    expect(JSON.stringify(makeSignatureStatement(digest))).toBe(
      `{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"${hex}"},"annotations":{}}],"predicateType":"https://sigstore.dev/cosign/sign/v1","predicate":{}}`,
    );
  });
});

describe("attestationStatement", () => {
  it("names the repository and the digest", () => {
    const predicate = { any: "thing" };
    expect(makeAttestationStatement("ghcr.io/acme/app", digest, "https://example.com/v1", predicate)).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "ghcr.io/acme/app", digest: { sha256: hex } }],
      predicateType: "https://example.com/v1",
      predicate,
    });
  });
});

describe("provenance", () => {
  const ours = { revision: "c0ffee", buildInputs: "1".repeat(64) };
  const builder = "https://github.com/acme/app/.github/workflows/release.yml";
  const written = provenance(ours, builder, "https://github.com/acme/app", { context: ".", target: null });

  it("is SLSA provenance v1, with nothing of the time or the machine", () => {
    expect(provenancePredicate).toBe("https://slsa.dev/provenance/v1");
    expect(written).toEqual({
      buildDefinition: {
        buildType: "https://lockstep.dev/build/v1",
        externalParameters: { context: ".", target: null, buildInputs: ours.buildInputs },
        internalParameters: {},
        resolvedDependencies: [{ uri: "git+https://github.com/acme/app", digest: { gitCommit: "c0ffee" } }],
      },
      runDetails: { builder: { id: builder } },
    });
  });

  it("can be read back, also from its JSON", () => {
    expect(readProvenance(written)).toEqual({
      ...ours,
      source: "https://github.com/acme/app",
      parameters: { context: ".", target: null },
    });
    expect(readProvenance(JSON.parse(JSON.stringify(written)))?.revision).toEqual(ours.revision);
  });

  it("lets no parameter pass for the build inputs", () => {
    const other = provenance(ours, builder, "https://github.com/acme/app", { buildInputs: "2".repeat(64) });
    expect(readProvenance(other)?.buildInputs).toEqual(ours.buildInputs);
  });
});

describe("readProvenance, when a predicate is not Lockstep's provenance", () => {
  const dependency = { digest: { gitCommit: "c0ffee" } };
  const parameters = { buildInputs: "1" };
  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "provenance"],
    ["a number", 1],
    ["an empty list", []],
    ["an empty object", {}],
    ["a signature's predicate", makeSignatureStatement(digest).predicate],
    ["a definition that is null", { buildDefinition: null }],
    ["a definition of text", { buildDefinition: "x" }],
    ["parameters that are null", { buildDefinition: { externalParameters: null, resolvedDependencies: [dependency] } }],
    ["no parameters", { buildDefinition: { resolvedDependencies: [dependency] } }],
    ["no build inputs", { buildDefinition: { externalParameters: {}, resolvedDependencies: [dependency] } }],
    [
      "build inputs that are no text",
      { buildDefinition: { externalParameters: { buildInputs: 1 }, resolvedDependencies: [dependency] } },
    ],
    ["no dependencies", { buildDefinition: { externalParameters: parameters } }],
    ["an empty list of them", { buildDefinition: { externalParameters: parameters, resolvedDependencies: [] } }],
    ["dependencies of text", { buildDefinition: { externalParameters: parameters, resolvedDependencies: "x" } }],
    [
      "a dependency that is null",
      { buildDefinition: { externalParameters: parameters, resolvedDependencies: [null] } },
    ],
    [
      "a commit that is not text",
      { buildDefinition: { externalParameters: parameters, resolvedDependencies: [{ digest: { gitCommit: 1 } }] } },
    ],
  ])("gives nothing: %s", (_, predicate) => {
    expect(readProvenance(predicate)).toBeUndefined();
  });
});
