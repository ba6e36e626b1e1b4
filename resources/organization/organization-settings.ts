import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { isEnforcedFor } from "../../formats/organization/immutable-enforcement.ts";
import type { OrganizationPlan, RepositoryPlan } from "../../plan/organization/organization.ts";
import { environment } from "../environment.ts";
import { explainFailure } from "../explain-failure.ts";
import { ImmutableReleases } from "./immutable-releases.ts";
import { OrganizationImmutableReleases } from "./organization-immutable-releases.ts";
import { PackageAccess } from "./package-access.ts";
import { PackagesPolicy } from "./packages-policy.ts";
import { rulesets } from "./rulesets.ts";
import { organizationWorkflows, repositoryWorkflows } from "./workflow-permissions.ts";

/**
 * Everything that is declared of an organization. Settings are looked at in each run, and set where GitHub has an API for them; package
 * access has none and is only looked at.
 */
export class OrganizationSettings extends pulumi.ComponentResource {
  /** The declared resources, in the order of the configuration. */
  readonly settings: readonly pulumi.Resource[];

  /** @param plan what is declared */
  constructor(plan: OrganizationPlan) {
    const { organization, baseUrl, writeDelay } = plan;
    super("lockstep:settings:Organization", organization);
    const own = { parent: this };
    const provider = new github.Provider(
      "github",
      { owner: organization, writeDelayMs: writeDelay, ...(baseUrl ? { baseUrl } : {}) },
      { ...own, transformations: [withoutToken] },
    );
    // A destroyed stack leaves what workflows may do as it is: back to GitHub's defaults would take a protection away.
    const kept = { ...own, provider, retainOnDelete: true, transformations: [explained(organization)] };
    const ofWorkflows = plan.workflows ? organizationWorkflows(organization, plan.workflows, kept) : [];
    const immutable = organizationImmutableReleases(plan, own);
    this.settings = [
      ...packages(plan, own),
      ...ofWorkflows,
      ...rulesets({ organization }, plan, own),
      ...immutable,
      ...plan.repositories.flatMap((settings) =>
        settings.names.flatMap((name) => [
          // What the organization does not allow, or decides itself, GitHub refuses of a repository.
          ...workflows(name, settings, { ...kept, dependsOn: ofWorkflows }),
          ...rulesets({ repository: `${organization}/${name}` }, settings, own),
          ...immutableReleases(plan, name, settings, { ...own, dependsOn: immutable }),
        ]),
      ),
    ];
    this.registerOutputs({});
  }
}

/** Words GitHub's refusals as the error catalogue does. */
function explained(organization: string): pulumi.ResourceTransformation {
  return ({ type, name, props, opts }) => {
    // A repository may be named like its organization: only type and name together are one resource's.
    const onError = [explainFailure(`${type}/${name}`, `setting ${name} of ${organization}`)];
    return { props, opts: { ...opts, hooks: { onError } } };
  };
}

/**
 * @pulumi/github makes an input of GITHUB_TOKEN, in plain: it would stand in the state and in every preview, and be a difference in each run
 * of a workflow. The plugin reads the same variable itself. Source: its provider.js; Terraform's provider, `token`, EnvDefaultFunc.
 */
function withoutToken({ props, opts }: pulumi.ResourceTransformationArgs): pulumi.ResourceTransformationResult {
  return { props: { ...(props as object), token: undefined }, opts };
}

function packages(
  { organization, packages: declared }: OrganizationPlan,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (declared === undefined) {
    return [];
  }
  const { rules, exceptions } = declared;
  return [
    new PackagesPolicy(
      `packages/${organization}`,
      { organization, rules, exceptions: Object.keys(exceptions) },
      options,
    ),
    ...Object.entries(exceptions).map(
      ([name, exception]) =>
        new PackageAccess(`package/${organization}/${name}`, { organization, name, ...exception }, options),
    ),
  ];
}

function workflows(
  repository: string,
  settings: RepositoryPlan,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return [
    ...(settings.workflows ? repositoryWorkflows(repository, settings.workflows, options) : []),
    ...settings.environments.flatMap((one) => environment(repository, one, options)),
    ...(settings.oidcSubject
      ? [
          new github.ActionsRepositoryOidcSubjectClaimCustomizationTemplate(
            `oidc-subject/${repository}`,
            { repository, useDefault: false, includeClaimKeys: settings.oidcSubject },
            options,
          ),
        ]
      : []),
  ];
}

function organizationImmutableReleases(
  { organization, immutableReleases: declared }: OrganizationPlan,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (declared === undefined) {
    return [];
  }
  return [
    new OrganizationImmutableReleases(`immutable-releases/${organization}`, { organization, ...declared }, options),
  ];
}

/** @param name without the organization */
function immutableReleases(
  { organization, immutableReleases: ofOrganization }: OrganizationPlan,
  name: string,
  { immutableReleases: enabled }: RepositoryPlan,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (enabled === undefined) {
    return [];
  }
  const repository = `${organization}/${name}`;
  const owner = ofOrganization ? { ownerAsks: isEnforcedFor(ofOrganization, name) } : {};
  return [new ImmutableReleases(`immutable-releases/${repository}`, { repository, enabled, ...owner }, options)];
}
