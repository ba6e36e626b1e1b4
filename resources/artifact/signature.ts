import type * as pulumi from "@pulumi/pulumi";
import type { SignedInputs } from "../../providers/artifact/signed-statement.ts";
import { DynamicResource } from "../dynamic-resource.ts";
import type { GraphInputs } from "../dynamic-resource.ts";

/**
 * A keyless signature on one digest, by the workflow that runs, in the format of cosign 3. One that is there and verifies is taken; one
 * that was removed is shown by a preview and put back.
 *
 * @example The signature of an index
 * ```ts
 * new Signature("signature/app@1.2.3", {
 *   repository: "ghcr.io/acme/app",
 *   digest: index.digest,
 *   identity: { issuer: "https://token.actions.githubusercontent.com", workflow: "acme/app/.github/workflows/release.yml", refs: "refs/tags/*" },
 *   sigstore: {},
 * });
 * ```
 */
export class Signature extends DynamicResource {
  /**
   * @param inputs `repository` and `digest` (changing one signs another thing), `identity` that the signature must verify against,
   * `sigstore` (paths of a trusted root and a signing config; empty: the public instance)
   */
  constructor(name: string, inputs: GraphInputs<SignedInputs>, options: pulumi.CustomResourceOptions = {}) {
    super("Signature", "signature", name, inputs, [], options);
  }
}
