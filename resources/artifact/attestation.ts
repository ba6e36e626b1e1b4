import type * as pulumi from "@pulumi/pulumi";
import type { AttestationInputs } from "../../providers/artifact/attestation.ts";
import { DynamicResource } from "../dynamic-resource.ts";
import type { GraphInputs } from "../dynamic-resource.ts";

/**
 * A signed in-toto statement about one digest, attached to it: SLSA provenance, an SBOM, and whatever else has a predicate type.
 *
 * @example Provenance of an index
 * ```ts
 * new Attestation("provenance/app@1.2.3", {
 *   repository: "ghcr.io/acme/app",
 *   digest: index.digest,
 *   identity: { issuer: "https://token.actions.githubusercontent.com", workflow: "acme/app/.github/workflows/release.yml", refs: "refs/tags/*" },
 *   sigstore: {},
 *   predicateType: "https://slsa.dev/provenance/v1",
 *   predicate: { buildDefinition: {}, runDetails: {} },
 * });
 * ```
 */
export class Attestation extends DynamicResource {
  /**
   * @param inputs those of a Signature, `predicateType`, and either the `predicate` (another one of the same type is attached beside the
   * first) or `predicateFile`, a JSON file that is read when it is signed (any statement of the type by the identity is taken, so that
   * another file changes nothing)
   */
  constructor(
    name: string,
    inputs: ({ predicate: object } | { predicateFile: GraphInputs<{ path: string; sha256: string }> }) & {
      [Key in Exclude<keyof AttestationInputs, "predicate" | "predicateFile">]: GraphInputs<AttestationInputs[Key]>;
    },
    options: pulumi.CustomResourceOptions = {},
  ) {
    super("Attestation", "attestation", name, inputs, [], options);
  }
}
