import { z } from "zod";
import { gitHubWeb } from "../../clients/github/github.ts";
import { organizationPackages } from "../../clients/github/packages/organization-packages.ts";
import type { RefusedPackage } from "../../clients/github/packages/organization-packages.ts";
import { PackageDeclaration, packageDifferences } from "../../formats/organization/package-declaration.ts";
import type { ListedPackage } from "../../formats/organization/package-declaration.ts";
import { cannotBeKnown, makeDifferenceError, makeUnknownPackageError } from "./package-difference.ts";
import type { Provider } from "../host/provider.ts";

const Inputs = PackageDeclaration.extend({
  organization: z.string(),
  /** Below the organization: `charts/app`. */
  name: z.string(),
});

/** Inputs of a PackageAccess. */
export type PackageAccessInputs = z.output<typeof Inputs>;

/**
 * One package whose declaration differs from the rules. It shares the listing of the PackagesPolicy, so it costs no request; if the
 * list is refused, the package is requested by its name. A difference is named with its page and setting, and stays an error until a
 * person has corrected it. So does a package that this login cannot see.
 */
export const packageAccessProvider: Provider<PackageAccessInputs, Record<string, never>> = {
  phrase: ({ organization, name }) => `comparing the package ${organization}/${name} with what is declared`,
  inputs: Inputs,
  identity: ["organization", "name"],
  id: ({ organization, name }) => `${organization}/${name}`,

  async read(inputs) {
    const { found, unknown } = await observe(inputs);
    if (unknown) {
      return { inputs: { ...inputs, visibility: showAs(cannotBeKnown(unknown.why)) }, outputs: {} };
    }
    if (found === undefined) {
      return undefined;
    }
    const repository = found.repository ?? "none";
    const sameRepository = inputs.repository?.toLowerCase() === repository.toLowerCase();
    return {
      inputs: {
        ...inputs,
        ...(inputs.visibility === undefined ? {} : { visibility: showAs(found.visibility) }),
        ...(inputs.repository === undefined || sameRepository ? {} : { repository }),
      },
      outputs: {},
    };
  },

  async reconcile(inputs) {
    const { organization, name } = inputs;
    const { found, unknown } = await observe(inputs);
    if (unknown) {
      throw makeUnknownPackageError(unknown);
    }
    const differences = found
      ? packageDifferences(found, inputs)
      : [{ name, property: "existence" as const, declared: "a package", found: "none" }];
    if (differences.length > 0) {
      throw makeDifferenceError(organization, differences, gitHubWeb());
    }
    return {};
  },
};

/** Replaces a declared visibility to show that the world differs: any text that a program could not declare. */
function showAs(text: string): PackageAccessInputs["visibility"] {
  return text as PackageAccessInputs["visibility"];
}

async function observe({
  organization,
  name,
}: PackageAccessInputs): Promise<{ found: ListedPackage | undefined; unknown: RefusedPackage | undefined }> {
  const { packages, unknown } = await organizationPackages(organization, [name], false);
  return { found: packages.find((one) => one.name === name), unknown: unknown[0] };
}
