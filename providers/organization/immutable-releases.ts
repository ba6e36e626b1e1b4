import { z } from "zod";
import { repositoryOf } from "../../clients/github/git-refs.ts";
import { readImmutableReleases, setImmutableReleases } from "../../clients/github/settings/immutable-releases.ts";
import { isGone } from "../../clients/github/settings/settings-place.ts";
import type { Provider } from "../host/provider.ts";

const Inputs = z.object({
  /** `owner/name`. */
  repository: z.string(),
  enabled: z.boolean(),
  /**
   * Whether the same program lets the organization ask for it. GitHub takes no setting of the repository's own as long as the organization
   * asks, so when that ends the repository's own has to be looked at again: a change of this value does it. Left out: not known.
   */
  ownerAsks: z.boolean().optional(),
});

/** Inputs of an ImmutableReleases. */
export type ImmutableReleasesInputs = z.output<typeof Inputs>;

/** What GitHub tells beside. */
export interface ImmutableReleasesOutputs {
  /** True where the organization asks for it, so that the repository cannot switch it off. */
  enforcedByOwner: boolean;
}

/**
 * Whether Releases that are published from now on are immutable: their tag and assets then never change, and the tag's name stays taken for
 * ever. Releases that are published already stay as they are.
 */
export const immutableReleasesProvider: Provider<ImmutableReleasesInputs, ImmutableReleasesOutputs> = {
  phrase: ({ repository, enabled }) =>
    `${enabled ? "making" : "no longer making"} new Releases of ${repository} immutable`,
  inputs: Inputs,
  identity: ["repository"],
  id: ({ repository }) => repository,

  async read(inputs) {
    const at = repositoryOf(inputs.repository);
    try {
      const { enabled, enforcedByOwner } = await readImmutableReleases(at);
      return { inputs: { ...inputs, enabled }, outputs: { enforcedByOwner } };
    } catch (error) {
      if (await isGone(at, error)) {
        return undefined;
      }
      throw error;
    }
  },

  async reconcile({ repository, enabled }) {
    const at = repositoryOf(repository);
    if ((await readImmutableReleases(at)).enabled !== enabled) {
      await setImmutableReleases(at, enabled);
    }
    return { enforcedByOwner: (await readImmutableReleases(at)).enforcedByOwner };
  },
};
