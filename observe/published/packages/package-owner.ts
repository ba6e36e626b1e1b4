import { repositoryOf } from "../../../clients/github/git-refs.ts";
import { gitHub } from "../../../clients/github/github.ts";
import { readOwnerKind } from "../../../clients/github/packages/packages.ts";
import type { OwnerKind } from "../../../clients/github/packages/packages.ts";
import { runStep } from "../../../errors/explain-error.ts";

/**
 * Reads the kinds of packages' owners, each once. The owner of the releasing repository is known from the repository itself, which every
 * token of its workflows may read.
 * @param repository `owner/name`
 * @param owners accounts, in any case
 * @returns kinds by account as given (one that GitHub does not know counts as an organization), and whether the repository is public
 * @throws ReleaseError
 */
export async function observeOwners(
  repository: string,
  owners: readonly string[],
): Promise<{ kinds: Map<string, OwnerKind>; publicRepository: boolean }> {
  const home = await runStep(`reading the repository ${repository}`, () =>
    gitHub().rest.repos.get({ ...repositoryOf(repository) }),
  );
  const { login, type } = home.data.owner;
  const readKind = async (owner: string): Promise<OwnerKind> => {
    if (owner.toLowerCase() === login.toLowerCase()) {
      return type === "Organization" ? "Organization" : "User";
    }
    return (await runStep(`reading the account ${owner}`, () => readOwnerKind(owner))) ?? "Organization";
  };
  const kinds = await Promise.all([...new Set(owners)].map(async (owner) => [owner, await readKind(owner)] as const));
  return { kinds: new Map(kinds), publicRepository: !home.data.private };
}
