import { z } from "zod";
import { gitHubWeb } from "../clients/github.ts";
import { containerPackages } from "../clients/packages.ts";
import type { Package } from "../clients/packages.ts";
import { PackageDeclaration, packageDifferences } from "../formats/package-declaration.ts";
import type { ListedPackage } from "../formats/package-declaration.ts";
import { packagesDiffer } from "./package-difference.ts";
import type { Provider } from "./provider.ts";

const Inputs = PackageDeclaration.extend({
  organization: z.string(),
  /** Below the organization: `charts/app`. */
  name: z.string(),
});

/** Inputs of a PackageAccess. */
export type PackageAccessInputs = z.output<typeof Inputs>;

/**
 * One package whose declaration differs from the rules'. It shares the listing of the PackagesPolicy, so that it costs no request. What
 * differs is named with its page and switch, and stays an error until a person has set it.
 */
export const packageAccessProvider: Provider<PackageAccessInputs, Record<string, never>> = {
  phrase: ({ organization, name }) => `holding the package ${organization}/${name} against what is declared`,
  inputs: Inputs,
  identity: ["organization", "name"],
  id: ({ organization, name }) => `${organization}/${name}`,

  async read(inputs) {
    const found = await listed(inputs);
    if (found === undefined) return undefined;
    const repository = found.repository ?? "none";
    const sameRepository = inputs.repository?.toLowerCase() === repository.toLowerCase();
    return {
      inputs: {
        ...inputs,
        ...(inputs.visibility === undefined
          ? {}
          : { visibility: found.visibility as PackageAccessInputs["visibility"] }),
        ...(inputs.repository === undefined || sameRepository ? {} : { repository }),
      },
      outputs: {},
    };
  },

  async reconcile(inputs) {
    const { organization, name } = inputs;
    const found = await listed(inputs);
    const differences = found
      ? packageDifferences(found, inputs)
      : [{ name, property: "existence" as const, declared: "a package", found: "none" }];
    if (differences.length > 0) throw packagesDiffer(organization, differences, gitHubWeb());
    return {};
  },
};

/** A package of GitHub's list in the words of declarations. */
export function listedPackage({ name, visibility, repository }: Package): ListedPackage {
  return { name, visibility, repository: repository?.full_name };
}

async function listed({ organization, name }: PackageAccessInputs): Promise<ListedPackage | undefined> {
  const found = (await containerPackages(organization)).find((one) => one.name === name);
  return found && listedPackage(found);
}
