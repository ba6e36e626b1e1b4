import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import {
  readOrganizationImmutableReleases,
  setOrganizationImmutableReleases,
} from "../../clients/github/settings/organization-immutable-releases.ts";
import type { OrganizationImmutableReleases } from "../../clients/github/settings/organization-immutable-releases.ts";
import { findRepositoryIds } from "../../clients/github/settings/organization-repositories.ts";
import { isGone } from "../../clients/github/settings/settings-place.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import type { Provider } from "../host/provider.ts";
import { sortLike } from "./unordered-list.ts";

const Inputs = z
  .object({
    /** Its login. */
    organization: z.string(),
    enforced: z.enum(["all", "none", "selected"]),
    /** With `selected`: names without the organization, in any order. Otherwise empty. */
    repositories: z.array(z.string()),
  })
  .refine(({ enforced, repositories }) => enforced === "selected" || repositories.length === 0, {
    path: ["repositories"],
    error: "may only be listed with `selected`",
  });

/** Inputs of an OrganizationImmutableReleases. */
export type OrganizationImmutableReleasesInputs = z.output<typeof Inputs>;

/**
 * The repositories whose Releases, published from now on, the organization makes immutable; those cannot switch it off. The inputs have
 * the repositories' names, GitHub has their ids.
 * Source: docs.github.com/rest/orgs/orgs, "Set immutable releases settings for an organization".
 */
export const organizationImmutableReleasesProvider: Provider<
  OrganizationImmutableReleasesInputs,
  Record<string, never>
> = {
  phrase: describe,
  inputs: Inputs,
  identity: ["organization"],
  id: ({ organization }) => organization,

  async read(inputs) {
    try {
      return { inputs: toInputs(await readOrganizationImmutableReleases(inputs.organization), inputs), outputs: {} };
    } catch (error) {
      if (await isGone({ org: inputs.organization }, error)) {
        return undefined;
      }
      throw error;
    }
  },

  async reconcile(inputs) {
    const there = await readOrganizationImmutableReleases(inputs.organization);
    if (!isDeepStrictEqual(toInputs(there, inputs), inputs)) {
      const ids = await findIds(inputs, there.selected);
      await setOrganizationImmutableReleases(inputs.organization, inputs.enforced, ids);
    }
    return {};
  },
};

function describe({ organization, enforced, repositories }: OrganizationImmutableReleasesInputs): string {
  const which = enforced === "selected" ? `${repositories.length} of the` : enforced === "all" ? "all" : "no";
  return `making new Releases of ${which} repositories of ${organization} immutable`;
}

/** Turns the setting into inputs, with names in the declared spelling and order. */
function toInputs(
  { enforced, selected }: OrganizationImmutableReleases,
  inputs: OrganizationImmutableReleasesInputs,
): OrganizationImmutableReleasesInputs {
  const names = selected.map(({ name }) => name).toSorted();
  return { ...inputs, enforced, repositories: sortLike(inputs.repositories, names, isSameName) };
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Finds ids. Only names that are not selected yet are looked up. */
async function findIds(
  inputs: OrganizationImmutableReleasesInputs,
  selected: OrganizationImmutableReleases["selected"],
): Promise<number[]> {
  const known = new Map(selected.map(({ id, name }) => [name.toLowerCase(), id]));
  const others = inputs.repositories.filter((name) => !known.has(name.toLowerCase()));
  const ids = new Map([...known, ...(await findRepositoryIds(inputs.organization, others))]);
  const missing = others.filter((name) => !ids.has(name.toLowerCase()));
  if (missing.length > 0) {
    throw makeMissingRepositoriesError(inputs, missing);
  }
  return [...new Set(inputs.repositories.flatMap((name) => ids.get(name.toLowerCase()) ?? []))];
}

function makeMissingRepositoriesError(
  inputs: OrganizationImmutableReleasesInputs,
  missing: readonly string[],
): StepFailure {
  return new StepFailure({
    code: "NOT_FOUND",
    reason: `${inputs.organization} has no ${missing.length === 1 ? "repository" : "repositories"} ${missing.join(", ")}, or the token may not see it`,
    meaning:
      "A name is misspelt, its repository was renamed or removed, or the token does not cover it. Nothing was changed.",
    fix: "Correct `immutableReleases` of the configuration. A fine-grained token must cover all repositories; an App must be installed in all.",
    rerun: "yes, nothing has happened",
  });
}
