import type { Route } from "./call.ts";

/** Below `/commits/{ref}` GitHub has further operations; a ref may contain slashes, but none of these endings. */
const afterCommit = "branches-where-head|check-runs|check-suites|comments|pulls|status|statuses";

/** Turns a route's path into a pattern over the request's path, with the parameters as named groups. */
export function patternOf({ path, upload }: Pick<Route, "path" | "upload">): RegExp {
  const escaped = path.replace(/[.\\]/g, "\\$&").replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name.endsWith("_id")) {
      return `(?<${name}>\\d+)`;
    }
    if (name === "ref" && path.endsWith("/commits/{ref}")) {
      return `(?<ref>(?!.+/(?:${afterCommit})$).+)`;
    }
    return ["ref", "tag", "branch"].includes(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^/api/${upload === true ? "uploads" : "v3"}${escaped}$`);
}
