import { z } from "zod";
import { gitHubWeb } from "../../clients/github/github.ts";
import { organizationPackages } from "../../clients/github/packages/organization-packages.ts";
import { declarationFor, PackageRule, packageDifferences } from "../../formats/organization/package-declaration.ts";
import type { PackageDifference, ShownPackages } from "../../formats/organization/package-declaration.ts";
import type { ServerRefusal } from "../../errors/server-refusal.ts";
import {
  asDeclared,
  cannotBeKnown,
  writeDifferences,
  makeRefusedListError,
  makeDifferenceError,
  makeHiddenPackagesError,
} from "./package-difference.ts";
import type { Provider } from "../host/provider.ts";

const Inputs = z.object({
  organization: z.string(),
  /** The first rule that matches a package's name applies. */
  rules: z.array(PackageRule),
  /** Names of packages that have their own PackageAccess. */
  exceptions: z.array(z.string()),
  /** The desired result: always `as declared`. A read replaces it with differences or unknown packages, so that a preview shows them. */
  verdict: z.string(),
});

/** Inputs of a PackagesPolicy. */
export type PackagesPolicyInputs = z.output<typeof Inputs>;

/** How many packages a PackagesPolicy found. */
export interface PackagesPolicyOutputs {
  /** Container packages of the organization. */
  total: number;
  /** Those that a rule or an exception covers. */
  declared: number;
}

/**
 * Compares every container package of an organization with rules, with one request per hundred. GitHub has no API that sets visibility
 * or link. A difference is named with its page and setting, and stays an error until a person has corrected it. So does a list that GitHub
 * refuses and, if there are rules, one that may be incomplete for this login.
 */
export const packagesPolicyProvider: Provider<PackagesPolicyInputs, PackagesPolicyOutputs> = {
  phrase: ({ organization }) => `comparing the packages of ${organization} with what is declared`,
  inputs: Inputs,
  identity: ["organization"],
  id: ({ organization }) => organization,

  async read(inputs, { total = 0, declared = 0 }) {
    const { refusal, hidden, differences, outputs } = await observe(inputs);
    if (refusal) {
      return { inputs: { ...inputs, verdict: cannotBeKnown(refusal.words) }, outputs: { total, declared } };
    }
    const others = hidden ? cannotBeKnown(hidden.why) : asDeclared;
    const verdict = differences.length === 0 ? others : writeDifferences(differences);
    return { inputs: { ...inputs, verdict }, outputs };
  },

  async reconcile(inputs, progress) {
    const { refusal, hidden, differences, outputs } = await observe(inputs);
    if (refusal) {
      throw makeRefusedListError(inputs.rules, refusal);
    }
    if (differences.length > 0) {
      throw makeDifferenceError(inputs.organization, differences, gitHubWeb());
    }
    if (hidden) {
      throw makeHiddenPackagesError(hidden);
    }
    progress.done(`${outputs.declared} of ${outputs.total} packages are declared; none differs`);
    return outputs;
  },
};

async function observe({ organization, rules, exceptions }: PackagesPolicyInputs): Promise<{
  refusal: ServerRefusal | undefined;
  hidden: ShownPackages["hidden"];
  differences: PackageDifference[];
  outputs: PackagesPolicyOutputs;
}> {
  // The exceptions have their own resources, so no package is requested by name here.
  const { packages: all, refusal, hidden } = await organizationPackages(organization, [], rules.length > 0);
  const ruled = all.flatMap((found) => {
    const declared = exceptions.includes(found.name) ? undefined : declarationFor(found.name, rules);
    return declared === undefined ? [] : [{ found, declared }];
  });
  const excepted = all.filter(({ name }) => exceptions.includes(name)).length;
  return {
    refusal,
    hidden,
    differences: ruled.flatMap(({ found, declared }) => packageDifferences(found, declared)),
    outputs: { total: all.length, declared: ruled.length + excepted },
  };
}
