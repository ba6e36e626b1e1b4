import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { SigningPolicy } from "../../../formats/signing/signing-policy.ts";
import type { PublishedUnit } from "../../../observe/published/unit.ts";
import { promisedAttestations } from "../../../plan/artifact/promised-attestations.ts";
import { digest, identity, nothing, ourRelease, personsRelease } from "../made-up-project.ts";

const provenance = "https://slsa.dev/provenance/v1";
const spdx = "https://spdx.dev/Document";
const sbom = { path: "app.spdx.json", sha256: "5".repeat(64) };
const plain = { name: "widgets", signing: identity, sbom: undefined };
const described = { ...plain, sbom };

function record(attestations: string[] | undefined, signing: SigningPolicy = identity): ReleaseRecord {
  const artifact = {
    kind: "image",
    repository: "ghcr.io/acme/widgets",
    tag: "1.2.3",
    digest: digest("a"),
    buildInputs: "1".repeat(64),
    ...(attestations === undefined ? {} : { attestations }),
  };
  return {
    unit: "widgets",
    version: "1.2.3",
    revision: "c0ffee",
    gitTag: "v1.2.3",
    artifacts: { widgets: artifact },
    assets: {},
    policy: { signing },
  };
}

const released = (...of: Parameters<typeof record>): PublishedUnit => ({
  ...nothing,
  release: ourRelease(record(...of)),
});
const promised = (artifact: typeof plain | typeof described, published: PublishedUnit) =>
  promisedAttestations(artifact, published, "widgets@1.2.3");

describe("promisedAttestations, when nothing is published that says otherwise", () => {
  it.each<[string, PublishedUnit]>([
    ["nothing is published", nothing],
    ["a Release without a readable record is", { ...nothing, release: ourRelease() }],
    ["a Release of a person is", { ...nothing, release: personsRelease }],
    ["a draft of ours promises less", { ...nothing, drafts: [ourRelease(record([provenance]))] }],
  ])("promises what the configuration asks for where %s", (_, published) => {
    expect([promised(plain, published), promised(described, published)]).toEqual([[provenance], [provenance, spdx]]);
  });

  it("promises nothing of a unit that is not signed", () => {
    expect(promisedAttestations({ ...plain, signing: "off" }, nothing, "widgets@1.2.3")).toBeUndefined();
  });
});

describe("promisedAttestations, when our Release is published", () => {
  it.each([
    ["the same", described, [provenance, spdx]],
    ["the same in another order", described, [spdx, provenance]],
    ["provenance alone", plain, [provenance]],
  ])("keeps the record's own words where it promises %s", (_, artifact, recorded) => {
    expect(promised(artifact, released(recorded))).toEqual(recorded);
  });

  it("says nothing where the record does not, so that its bytes stay the same", () => {
    expect(promised(plain, released(undefined))).toBeUndefined();
  });

  it.each<[string, typeof plain | typeof described, PublishedUnit]>([
    ["an SBOM that the record does not promise", described, released([provenance])],
    ["an SBOM that an older record does not promise", described, released(undefined)],
    ["no SBOM where the record promises one", plain, released([provenance, spdx])],
    ["provenance where the record was of an unsigned unit", plain, released(undefined, "off")],
  ])("refuses a configuration with %s", (_, artifact, published) => {
    let error: unknown;
    try {
      promised(artifact, published);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ReleaseError);
    const { code, parts } = error as ReleaseError;
    expect(code).toBe("RELEASE_CONFLICT");
    expect(parts.reason).toContain("https://github.com/acme/widgets/releases/tag/v1.2.3");
  });
});
