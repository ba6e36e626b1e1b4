import { flushCompileCache } from "node:module";
import { artifactHubTagProvider } from "./artifact/artifact-hub-tag.ts";
import { attestationProvider } from "./artifact/attestation.ts";
import { chartPushProvider } from "./artifact/chart-push.ts";
import { serveProviders as serve } from "./host/dynamic-provider.ts";
import type { AnyProvider, DynamicProvider } from "./host/dynamic-provider.ts";
import { endWithEngine } from "./host/engine-watch.ts";
import { gitHubAttestationProvider } from "./artifact/github-attestation.ts";
import { gitHubReleaseProvider } from "./release/github-release.ts";
import { gitTagProvider } from "./release/git-tag.ts";
import { imageIndexProvider } from "./artifact/image-index.ts";
import { immutableReleasesProvider } from "./organization/immutable-releases.ts";
import { ociTagProvider } from "./artifact/oci-tag.ts";
import { organizationImmutableReleasesProvider } from "./organization/organization-immutable-releases.ts";
import { organizationRulesetProvider } from "./organization/organization-ruleset.ts";
import { packageAccessProvider } from "./organization/package-access.ts";
import { packagesPolicyProvider } from "./organization/packages-policy.ts";
import { rulesetProvider } from "./organization/ruleset.ts";
import { signatureProvider } from "./artifact/signature.ts";

/**
 * Kind → provider. The path of this file, the name `dynamicProvider` and every kind are in users' states. They are a format and are
 * never renamed; a kind may be added.
 */
export const byKind: Readonly<Record<string, AnyProvider>> = {
  "image-index": imageIndexProvider,
  signature: signatureProvider,
  attestation: attestationProvider,
  "chart-push": chartPushProvider,
  "artifact-hub-tag": artifactHubTagProvider,
  "oci-tag": ociTagProvider,
  "git-tag": gitTagProvider,
  "github-attestation": gitHubAttestationProvider,
  "github-release": gitHubReleaseProvider,
  "immutable-releases": immutableReleasesProvider,
  "organization-immutable-releases": organizationImmutableReleasesProvider,
  "organization-ruleset": organizationRulesetProvider,
  "package-access": packageAccessProvider,
  "packages-policy": packagesPolicyProvider,
  ruleset: rulesetProvider,
};

/** The export that the loader line in every resource's state requires. */
export const dynamicProvider: DynamicProvider = serve(byKind);

// Only in Pulumi's provider host, the only program whose first argument is the address of an engine.
if (process.argv[1]?.includes("dynamic-provider")) {
  endWithEngine();
  // The engine kills this process, but Node writes its compile cache (NODE_COMPILE_CACHE) only when a process ends by itself.
  flushCompileCache();
}
