import * as pulumi from "@pulumi/pulumi";
import { isOrganization } from "./config/organization/organization.ts";
import { explainError } from "./errors/explain-error.ts";
import type { StackOutputs } from "./programs/release.ts";
import { withPlainStackTraces } from "./resources/plain-stack-traces.ts";
import { withoutSecondTrace } from "./resources/failed-resource.ts";

withPlainStackTraces();
withoutSecondTrace();
const config = pulumi.runtime.allConfig();
const outputs = await program(config).catch((error: unknown) => {
  throw pulumi.RunError.isInstance(error)
    ? error
    : new pulumi.RunError(explainError(error, "planning this run").message);
});

// Pulumi warns in each run of an export that is undefined, and a module cannot leave out one that has a name.
export default outputs;

/** Loads only what this stack is: the GitHub provider's package takes as long to load as everything else together. */
async function program(stack: Readonly<Record<string, string>>): Promise<StackOutputs> {
  return isOrganization(stack)
    ? (await import("./programs/organization.ts")).declareOrganization(stack)
    : (await import("./programs/release.ts")).release(stack);
}
