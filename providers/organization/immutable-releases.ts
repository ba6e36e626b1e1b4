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
   * Whether the same program lets the organization require it. While the organization requires it, GitHub accepts no setting by the
   * repository. When that ends, the repository's own setting must be read again: a change of this value causes that. Left out: not known.
   */
  ownerAsks: z.boolean().optional(),
});

/** Inputs of an ImmutableReleases. */
export type ImmutableReleasesInputs = z.output<typeof Inputs>;

/** The other facts that GitHub reports. */
export interface ImmutableReleasesOutputs {
  /** True if the organization requires it, so that the repository cannot switch it off. */
  enforcedByOwner: boolean;
}

/**
 * Whether Releases published from now on are immutable: their tag and assets then never change, and the tag's name stays in use forever.
 * Releases that are already published stay as they are.
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
