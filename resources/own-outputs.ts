import * as pulumi from "@pulumi/pulumi";
import type { OwnOutputs } from "../plan/release/release.ts";

/** What this stack's last successful run exported. */
export interface StackOutputs {
  /** By unit; none of an organization's stack. */
  units: Record<string, OwnOutputs | undefined>;
  /** Whose settings the stack holds; undefined of a stack that releases. */
  organization: string | undefined;
}

/**
 * What this stack's last successful run exported. A failed run exports nothing, and a lost state has nothing: both mean that the world is
 * asked instead.
 */
export async function ownOutputs(): Promise<StackOutputs> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const self = new pulumi.StackReference("self", { name });
  const [units, organization] = await Promise.all([
    self.getOutputDetails("units"),
    self.getOutputDetails("organization"),
  ]);
  return {
    units: (units.value ?? {}) as StackOutputs["units"],
    organization: organization.value as StackOutputs["organization"],
  };
}
