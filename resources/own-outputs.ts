import * as pulumi from "@pulumi/pulumi";
import type { OwnOutputs } from "../plan/release.ts";

/**
 * What this stack's last successful run exported, by unit. A failed run exports nothing, and a lost state has nothing: both mean that
 * the world is asked instead.
 */
export async function ownOutputs(): Promise<Record<string, OwnOutputs | undefined>> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const self = new pulumi.StackReference("self", { name });
  const { value } = await self.getOutputDetails("units");
  return (value ?? {}) as Record<string, OwnOutputs | undefined>;
}
