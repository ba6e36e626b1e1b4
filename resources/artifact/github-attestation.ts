import type * as pulumi from "@pulumi/pulumi";
import type { GitHubAttestationInputs } from "../../providers/artifact/github-attestation.ts";
import { DynamicResource } from "../dynamic-resource.ts";
import type { GraphInputs } from "../dynamic-resource.ts";

/**
 * An attestation that is attached to an image, and also posted to GitHub's attestations API, where `gh attestation verify` searches first. It is
 * the bundle that is attached: nothing is signed. Not every repository has that API; where GitHub refuses, the resource is made all the
 * same and says why.
 *
 * @example Provenance of an index
 * ```ts
 * new GitHubAttestation("github-attestation/app@1.2.3", {
 *   repository: "acme/app", tag: "v1.2.3", image: "ghcr.io/acme/app", digest: index.digest, identity, sigstore: {},
 *   predicateType: "https://slsa.dev/provenance/v1", predicate,
 * }, { dependsOn: [provenance] });
 * ```
 */
export class GitHubAttestation extends DynamicResource {
  /** Whether GitHub lists it. */
  declare readonly posted: pulumi.Output<boolean>;
  /** Why it is not posted, in GitHub's words; empty where it is. */
  declare readonly why: pulumi.Output<string>;
  /** Who could see the repository when GitHub refused; empty where it is posted. */
  declare readonly visibility: pulumi.Output<string>;

  /**
   * @param inputs `repository` (`owner/name`), `image` (with its registry), `digest` and `predicateType` say which one it is; `predicate`,
   * `identity` and `sigstore` as in the Attestation that is attached; `tag` of the Release it belongs to
   */
  constructor(
    name: string,
    inputs: { predicate: object } & {
      [Key in Exclude<keyof GitHubAttestationInputs, "predicate">]: GraphInputs<GitHubAttestationInputs[Key]>;
    },
    options: pulumi.CustomResourceOptions = {},
  ) {
    super("GitHubAttestation", "github-attestation", name, inputs, ["posted", "why", "visibility"], options);
  }
}
