import type { Token } from "../api/token.ts";
import type { PackageStore } from "./package-store.ts";

/** True for an owner that is a person: it was declared as one, or a personal token has its login. */
export function isPerson(packages: PackageStore, tokens: ReadonlyMap<string, Token>, owner: string): boolean {
  const { type } = packages.owner(owner);
  if (type !== undefined) {
    return type === "user";
  }
  return [...tokens.values()].some(
    (token) => token.kind !== "actions" && token.kind !== "app" && token.login.toLowerCase() === owner.toLowerCase(),
  );
}
