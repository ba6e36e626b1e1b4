import { explainError } from "../../errors/explain-error.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";

/**
 * A failure while versions are looked at or deleted. GitHub refuses those who may not in words that fit every API; what helps here is
 * another thing than for a release.
 * @param pages settings pages of the packages, in the order of the configuration
 */
export function retentionFailure(error: unknown, pages: readonly string[]): ReleaseError {
  const told = explainError(error, "looking for versions that may go");
  const { cause } = told.parts;
  const rerun = "yes: what was deleted stays deleted, and nothing that is left refers to it";
  const refused =
    cause instanceof ServerRefusal && /\/packages\//.test(cause.request) && [403, 404].includes(cause.status);
  if (!refused || told.code === "RATE_LIMITED") {
    return new ReleaseError({ ...told.parts, rerun });
  }
  return new ReleaseError({
    ...told.parts,
    code: "DENIED",
    meaning: "The token may not do this with the versions of this package. Nothing else was deleted.",
    fix: [
      "In a workflow: `permissions: packages: write`, and on the package's page Manage Actions access → this repository → role Admin.",
      "By hand: a classic token with `read:packages` and `delete:packages` of an administrator of the package. GitHub does not accept fine-grained tokens here.",
      ...pages,
    ].join("\n"),
    rerun,
  });
}
