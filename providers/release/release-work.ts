import { repositoryOf } from "../../clients/github/git-refs.ts";
import type { Repository } from "../../clients/github/git-refs.ts";
import type { Verdict } from "../../clients/sigstore/verification.ts";
import type { Progress } from "../host/progress.ts";
import { listWantedAssets } from "./release-content.ts";
import type { WantedAsset } from "./release-content.ts";
import type { ReleaseInputs } from "./release-inputs.ts";

/** Reads something about an asset once: a second call with the same id gets the first one's result, unless that failed. */
export type Once<T> = (id: number, read: () => Promise<T>) => Promise<T>;

/** What every step of one read or one reconcile of a Release needs. */
export interface ReleaseWork {
  repository: Repository;
  inputs: ReleaseInputs;
  /** The assets that the Release must have; their signatures are not in this list, and lineages only after withLineages(). */
  wanted: readonly WantedAsset[];
  /** The lineages among them, and what is missing in them. */
  lineages: Lineages;
  progress: Progress;
  /** What was read of assets, by their ids. The bytes under an id never change, so a second look at a Release only lists its assets. */
  seen: {
    /** The sha256 of an asset, in hex. */
    sha256: Once<string>;
    /** What a bundle proves of the file that it is named after. */
    verdict: Once<Verdict<string>>;
    /** The text of a bare signature; undefined if it is gone. */
    signature: Once<string | undefined>;
  };
}

/** The lineages of a Release's charts. */
export interface Lineages {
  assets: readonly WantedAsset[];
  /** A line for each thing that is missing in one. */
  leftOut: readonly string[];
}

/** Begins the work on a Release. It must not outlive one try: it remembers what it has read. */
export function beginWork(inputs: ReleaseInputs, progress: Progress): ReleaseWork {
  return {
    repository: repositoryOf(inputs.repository),
    inputs,
    wanted: listWantedAssets(inputs, []),
    lineages: { assets: [], leftOut: [] },
    progress,
    seen: { sha256: createOnce(), verdict: createOnce(), signature: createOnce() },
  };
}

/** Goes on with the work when the lineages are known: checksums.txt and the record name them. */
export function withLineages(work: ReleaseWork, lineages: Lineages): ReleaseWork {
  return { ...work, wanted: listWantedAssets(work.inputs, lineages.assets), lineages };
}

function createOnce<T>(): Once<T> {
  const results = new Map<number, Promise<T>>();
  return async (id, read) => {
    const result = results.get(id) ?? read();
    results.set(id, result);
    try {
      return await result;
    } catch (error) {
      results.delete(id);
      throw error;
    }
  };
}
