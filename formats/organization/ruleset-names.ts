/** Names of the presets' rulesets at GitHub. A freeze gets its name from the configuration, which may not be one of these. */
export const rulesetNames = { immutableTags: "immutable tags", releaseProtection: "release protection" } as const;

/** Whether a name is that of a preset's ruleset, in any letter case and with any blanks around it. */
export function isPresetName(name: string): boolean {
  return (Object.values(rulesetNames) as string[]).includes(name.trim().toLowerCase());
}
