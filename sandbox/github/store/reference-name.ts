/**
 * Whether git accepts this as a reference's full name, for example `refs/tags/v1.0.0`. Source: git-check-ref-format(1), without options.
 */
export function isReferenceName(name: string): boolean {
  const parts = name.split("/");
  return (
    parts.length > 1 &&
    parts.every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock")) &&
    [...name].every((character) => character > " " && character !== "\u007f") &&
    !/[~^:?*[\\]/.test(name) &&
    !name.includes("..") &&
    !name.includes("@{") &&
    !name.endsWith(".")
  );
}
