import type { Mistake } from "../../errors/configuration-error.ts";

const example = "a stack of its own: `--stack NAME`";

/** A file of releases for a stack that holds settings: the run would remove that organization's rulesets. */
export function holdsSettings(organization: string): Mistake {
  const reason = `this stack holds the settings of ${organization}, and a release would remove its rulesets`;
  return { path: "organization", reason, example };
}

/**
 * A stack that already belongs to something else than the organization of this file.
 * @param before what the stack's last successful run exported
 * @returns none where the stack is new, or this organization's
 */
export function otherOwner(
  organization: string,
  before: { organization: string | undefined; units: Readonly<Record<string, unknown>> },
): Mistake[] {
  const released = Object.keys(before.units);
  const path = "organization";
  if (released.length > 0) {
    return [{ path, value: organization, reason: `this stack releases ${released.join(", ")}`, example }];
  }
  if (before.organization === undefined || before.organization.toLowerCase() === organization.toLowerCase()) {
    return [];
  }
  const reason = `this stack holds the settings of ${before.organization}, and this file would remove its rulesets`;
  return [{ path, value: organization, reason, example }];
}
