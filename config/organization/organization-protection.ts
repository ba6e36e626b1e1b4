import { z } from "zod";
import type { ImmutableEnforcement } from "../../formats/organization/immutable-enforcement.ts";
import { FreezeSpec, ImmutableTags, ReleaseProtection, RepositoryNames } from "./repository-settings.ts";

/** Which repositories a ruleset of the organization holds for. Default all, also those that are made later. */
const ofRepositories = {
  repositories: z
    .array(
      z.string().regex(/^(?:~ALL|[^~/\s][^/\s]*)$/, {
        error: "must be `~ALL`, or a pattern of repositories' names, without the organization",
      }),
    )
    .min(1, { error: "must have at least one" })
    .default(["~ALL"])
    .meta({ example: '["service-*"]' }),
};

/** Tags that no one may move or delete, in many repositories at once. */
export const OrganizationImmutableTags = ImmutableTags.extend(ofRepositories);

/** Branches that change by reviewed pull requests only, in many repositories at once. */
export const OrganizationReleaseProtection = ReleaseProtection.extend(ofRepositories);

/** A freeze of many repositories at once. */
export const OrganizationFreeze = FreezeSpec.extend(ofRepositories);

/** Whose new Releases the organization makes immutable: `all`, `none`, or names of repositories. */
export const OrganizationImmutableReleases = z
  .union([z.enum(["all", "none"]), RepositoryNames], {
    error: "must be `all`, `none`, or a list of at least one repository's name",
  })
  .transform((value): ImmutableEnforcement & { repositories: string[] } =>
    typeof value === "string" ? { enforced: value, repositories: [] } : { enforced: "selected", repositories: value },
  )
  .meta({ example: "all" });
