import { z } from "zod";
import { isEnforcedFor } from "../../formats/organization/immutable-enforcement.ts";
import { writeKeyPath } from "../../formats/key-path.ts";
import { PackageDeclaration, PackageRule } from "../../formats/organization/package-declaration.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import { configTree } from "../config-tree.ts";
import {
  OrganizationFreeze,
  OrganizationImmutableReleases,
  OrganizationImmutableTags,
  OrganizationReleaseProtection,
} from "./organization-protection.ts";
import { RepositorySettings, Workflows } from "./repository-settings.ts";
import { mistakesOf } from "../schema-mistakes.ts";

const packageName = z
  .string()
  .regex(/^[a-z0-9._/-]+$/, { error: "must be a package's name: lower case, without the organization" });

/** What is declared of an organization: the configuration of the stack `org`. */
export const OrganizationSpec = z.strictObject({
  /** The organization's login. */
  organization: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, { error: "must be the login of an organization" })
    .meta({ example: "acme" }),
  packages: z
    .strictObject({
      /** The first rule that fits a package's name holds. Default none. */
      rules: z.array(PackageRule).default([]).meta({ example: '[{"match": "*", "visibility": "public"}]' }),
      /** Packages by name that the rules do not hold for. Default none. */
      exceptions: z
        .record(packageName, PackageDeclaration)
        .default({})
        .meta({ example: '{"internal-tools": {"visibility": "private"}}' }),
    })
    .optional()
    .meta({ example: '{"rules": [{"match": "*", "visibility": "public"}]}' }),
  /** Organization-wide; repositories may be stricter. */
  workflows: Workflows.optional().meta({ example: '{"permissions": "read"}' }),
  /** Organization-wide rulesets; those of repositories hold beside them. */
  immutableTags: OrganizationImmutableTags.optional().meta({ example: '{"tags": ["v*"]}' }),
  releaseProtection: OrganizationReleaseProtection.optional().meta({ example: '{"reviews": 1}' }),
  freeze: OrganizationFreeze.optional().meta({ example: '{"present": true}' }),
  /** Repositories whose Releases are immutable whatever they say themselves, from the next one on: `all`, `none` or names. */
  immutableReleases: OrganizationImmutableReleases.optional().meta({ example: "all" }),
  repositories: z.array(RepositorySettings).default([]).meta({ example: '[{"names": ["widgets"]}]' }),
});

/** What is declared of an organization, with the defaults filled in. */
export type OrganizationSpec = z.output<typeof OrganizationSpec>;

/** Whether a stack's configuration is that of an organization: it then has no units. */
export function isOrganization(config: Readonly<Record<string, string>>): boolean {
  return "lockstep:organization" in config;
}

/**
 * Reads the configuration of an organization's stack. Throws nothing: what is wrong comes back as mistakes, all of them.
 * @param config what `pulumi.runtime.allConfig()` gives
 * @param environment for `${NAME}` in values
 */
export function readOrganization(
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): { spec: OrganizationSpec | undefined; mistakes: Mistake[] } {
  const { tree: value, mistakes } = configTree(config, environment);
  const topKeys = Object.keys(OrganizationSpec.shape);
  const tree = {
    value,
    schema: OrganizationSpec,
    pathOf: writeKeyPath,
    topKeys,
    example: "`lockstep:organization: acme`",
  };
  const parsed = OrganizationSpec.safeParse(value);
  if (!parsed.success) {
    mistakes.push(...parsed.error.issues.flatMap((issue) => mistakesOf(issue, tree)));
    return { spec: undefined, mistakes };
  }
  const spec = parsed.data;
  mistakes.push(...twiceNamed(spec), ...twiceSelected(spec), ...contradictions(spec), ...widerWorkflows(spec));
  return { spec: mistakes.length === 0 ? spec : undefined, mistakes };
}

/** Two entries for one repository would fight over its settings. */
function twiceNamed({ repositories }: OrganizationSpec): Mistake[] {
  const seen = new Set<string>();
  return repositories.flatMap(({ names }, index) =>
    names.flatMap((name, at) => {
      const again = seen.has(name.toLowerCase());
      seen.add(name.toLowerCase());
      const path = writeKeyPath(["repositories", index, "names", at]);
      return again
        ? [{ path, value: name, reason: "also appears in another place", example: "one entry for each" }]
        : [];
    }),
  );
}

/** A name that is listed twice was probably meant to be another. */
function twiceSelected({ immutableReleases }: OrganizationSpec): Mistake[] {
  const names = immutableReleases?.repositories ?? [];
  const first = (name: string): number => names.findIndex((one) => one.toLowerCase() === name.toLowerCase());
  return names.flatMap((value, at) => {
    const path = writeKeyPath(["immutableReleases", at]);
    return first(value) < at ? [{ path, value, reason: "is in the list twice", example: "each once" }] : [];
  });
}

/** GitHub lets no repository differ from what its organization asks for: found here, before anything is set. */
function contradictions({ immutableReleases, repositories }: OrganizationSpec): Mistake[] {
  return repositories.flatMap(({ names, immutableReleases: own }, index) => {
    const name = immutableReleases && own === false && names.find((one) => isEnforcedFor(immutableReleases, one));
    if (!name) {
      return [];
    }
    const reason = `the organization's \`immutableReleases\` asks for immutable Releases of ${name}, and no repository can differ`;
    return [{ path: writeKeyPath(["repositories", index, "immutableReleases"]), value: own, reason, example: "true" }];
  });
}

/**
 * A repository may be stricter than its organization and never wider: GitHub answers 409.
 * Source: REST "Set default workflow permissions for a repository", "Set GitHub Actions permissions for a repository".
 */
function widerWorkflows({ workflows: ofAll = {}, repositories }: OrganizationSpec): Mistake[] {
  return repositories.flatMap(({ workflows: own = {} }, index) => {
    const wider = {
      permissions: own.permissions === "write" && ofAll.permissions === "read",
      approvePullRequests: own.approvePullRequests && ofAll.permissions !== undefined && !ofAll.approvePullRequests,
      actions: own.actions === "all" && ofAll.actions !== undefined && ofAll.actions !== "all",
    };
    return (["permissions", "approvePullRequests", "actions"] as const)
      .filter((key) => wider[key])
      .map((key) => ({
        path: writeKeyPath(["repositories", index, "workflows", key]),
        value: own[key],
        reason: `allows more than the organization's \`workflows.${key}\`, and GitHub refuses that`,
        example: `\`${String(ofAll[key] ?? false)}\`, or the same in the organization`,
      }));
  });
}
