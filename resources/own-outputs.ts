import * as pulumi from "@pulumi/pulumi";
import { readUnitOutputs } from "../formats/release/unit-outputs.ts";
import type { UnitOutputs } from "../formats/release/unit-outputs.ts";

/** What this stack's last successful run exported. */
export interface StackOutputs {
  /** By unit; none in an organization's stack. */
  units: Record<string, UnitOutputs>;
  /** Whose settings the stack holds; undefined for a stack that releases. */
  organization: string | undefined;
}

/**
 * Reads what this stack's last successful run exported. A failed run exports nothing, and a lost state has nothing: both mean that the world
 * is asked instead.
 */
export async function ownOutputs(): Promise<StackOutputs> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const self = new pulumi.StackReference("self", { name });
  const [units, organization] = await Promise.all([
    self.getOutputDetails("units"),
    self.getOutputDetails("organization"),
  ]);
  return {
    units: readUnitOutputs(units.value),
    organization: typeof organization.value === "string" ? organization.value : undefined,
  };
}
