import { setTimeout as delay } from "node:timers/promises";
import { allowMissing } from "../../clients/github/github.ts";
import { deleteAsset, uploadAsset } from "../../clients/github/release/release-assets.ts";
import type { AssetContent } from "../../clients/github/release/release-assets.ts";
import type { Release, ReleaseAsset } from "../../clients/github/release/releases.ts";
import { readFirstWait, retried } from "../../clients/retry.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { readAgain } from "./release-moment.ts";
import type { ReleaseWork } from "./release-work.ts";

/** The most uploads of one file in one try: each but the first follows one that another run has overtaken. */
const mostUploads = 3;
/** No wait between two looks at an upload of another run is longer, in milliseconds. */
const longestWait = 10_000;

/**
 * How old an unfinished upload must be until it counts as abandoned, in milliseconds. LOCKSTEP_UPLOAD_WAIT_MS sets it (default two minutes;
 * 0: at once).
 */
function readUploadWait(): number {
  const value = Number(process.env["LOCKSTEP_UPLOAD_WAIT_MS"] ?? Number.NaN);
  return value >= 0 ? value : 120_000;
}

/** The asset under a name after an upload. */
export interface Attached {
  asset: ReleaseAsset;
  /** False if another run was faster: its bytes must still be checked. */
  ours: boolean;
}

/** What this run knows of a name on a Release. */
interface AssetName {
  name: string;
  /** Id of the uploaded asset that is to be replaced, because its bytes are wrong. They never change under an id. */
  wrong: number | undefined;
  /** When an upload of this run failed without a clear answer, by this machine's clock: what it left is this run's own. */
  failed: number | undefined;
  /** How long an upload of this run took until another run replaced it, in milliseconds: theirs may take as long. */
  spent: number;
}

/**
 * Attaches a file. An upload that fails is tried again. An unfinished upload under its name (`starter`) is deleted if it is this run's own or
 * old; a young one is another run's, which is waited for as for a lock.
 * @param old the asset under the name that must be replaced: it is unfinished, or its bytes are wrong. Default: the name was free a moment ago
 * @param onProgress called with the number of bytes sent so far
 * @throws ReleaseChanged instead of deleting something, if the Release was published, removed or taken over meanwhile
 * @throws ServerRefusal of the upload
 */
export function attach(
  work: ReleaseWork,
  release: Release,
  content: AssetContent,
  old?: ReleaseAsset,
  onProgress: (bytes: number) => void = () => {},
): Promise<Attached> {
  const wrong = old?.state === "uploaded" ? old.id : undefined;
  const name: AssetName = { name: content.name, wrong, failed: undefined, spent: 0 };
  let isFree = old === undefined;
  return retried(
    async () => {
      for (let upload = 1; ; upload++) {
        const there = isFree ? undefined : await freeName(work, release, name);
        if (there) {
          return { asset: there, ours: false };
        }
        isFree = false;
        const began = Date.now();
        try {
          return { asset: await uploadAsset(release, content, onProgress), ours: true };
        } catch (error) {
          if (!(error instanceof ServerRefusal)) {
            throw error;
          }
          if (error.status === 0 || error.status >= 500) {
            name.failed = Date.now();
          }
          if (upload === mostUploads || !isOvertaken(error)) {
            throw error;
          }
          name.spent = Math.max(name.spent, Date.now() - began);
        }
      }
    },
    ({ words }, attempt) => work.progress.done(`${content.name}: try ${attempt} of 5 failed, trying again: ${words}`),
  );
}

/** Whether an upload was refused because another run took the name (422), or deleted the unfinished asset (404). */
function isOvertaken({ status, words }: ServerRefusal): boolean {
  return status === 404 || (status === 422 && /already_exists/.test(words));
}

/**
 * Makes a name free for an upload. The Release is read directly before the deletion: a list that is older than that may name an asset that
 * another run has completed and published since.
 * @returns an asset that another run has uploaded meanwhile; undefined if the name is free
 */
async function freeName(work: ReleaseWork, release: Release, name: AssetName): Promise<ReleaseAsset | undefined> {
  const { repository, progress } = work;
  let waitingFor: { id: number; since: number } | undefined;
  for (let wait = readFirstWait(); ; wait = Math.min(2 * wait + 1, longestWait)) {
    const { assets, now } = await readAgain(work, release);
    const found = assets.find((asset) => asset.name === name.name);
    if (found === undefined || (found.state === "uploaded" && found.id !== name.wrong)) {
      return found;
    }
    const since = waitingFor?.id === found.id ? waitingFor.since : Date.now();
    const age = now - Date.parse(found.updated_at);
    const left = readUploadWait() + name.spent - Math.max(age, Date.now() - since);
    // What began after the failure is another run's. GitHub's times are whole seconds.
    const isOwn = name.failed !== undefined && age > Date.now() - name.failed - 1_000;
    // `!(left > 0)` also holds for a time that cannot be read.
    if (found.state === "uploaded" || isOwn || !(left > 0)) {
      await allowMissing(deleteAsset(repository, found.id));
      return undefined;
    }
    if (waitingFor?.id !== found.id) {
      progress.done(`${name.name}: another run is uploading it, or has left it unfinished; waiting`);
    }
    waitingFor = { id: found.id, since };
    progress.at(`${name.name}: waiting for another run's upload, at most ${Math.ceil(left / 1000)} s`);
    await delay(Math.min(wait, left));
  }
}
