/** The repositories of an organization whose Releases the organization makes immutable, whatever their own setting. */
export interface ImmutableEnforcement {
  enforced: "all" | "none" | "selected";
  /** With `selected`: their names, without the organization. */
  repositories: readonly string[];
}

/**
 * Whether a repository is among them. Names are compared without regard to case, as GitHub does.
 * @param name without the organization
 */
export function isEnforcedFor({ enforced, repositories }: ImmutableEnforcement, name: string): boolean {
  return enforced === "all" || repositories.some((one) => one.toLowerCase() === name.toLowerCase());
}
