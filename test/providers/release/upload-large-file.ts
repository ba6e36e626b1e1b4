import { setTimeout as delay } from "node:timers/promises";
import { findRelease } from "../../../clients/github/release/releases.ts";
import { silent } from "../../../providers/host/progress.ts";
import { syncAssets } from "../../../providers/release/release-assets.ts";
import type { WantedAsset } from "../../../providers/release/release-content.ts";
import { beginWork } from "../../../providers/release/release-work.ts";
import type { ReleaseWork } from "../../../providers/release/release-work.ts";

// Attaches a file to a draft as the provider does and prints by how many bytes this process grew at most meanwhile.
// Arguments: owner, repo, id of the draft, path, size, sha256. Needs --expose-gc.
const [owner = "", repo = "", id = "", path = "", size = "", sha256 = ""] = process.argv.slice(2);
const draft = await findRelease({ owner, repo }, Number(id));
if (draft === undefined || gc === undefined) {
  throw new Error("no such draft, or no --expose-gc");
}
const collect = gc;

/** The work on a draft that must have these assets and nothing else. */
function workOn(wanted: readonly WantedAsset[]): ReleaseWork {
  const unit = { unit: "app", version: "1", tag: "v1", tagPattern: "v{version}", revision: "1".repeat(40) };
  const words = { title: "App", notes: "New.", prerelease: false, latest: false, complete: true };
  const content = { artifacts: {}, signing: "off", sigstore: {} } as const;
  return {
    ...beginWork({ repository: `${owner}/${repo}`, ...unit, ...words, ...content, assets: [] }, silent),
    wanted,
  };
}

// What the first upload of a process needs once (buffers, compiled code) is no growth.
const text = { name: "warm-up.txt", size: 1, source: { text: "x" }, generated: true, signed: false };
const warm = { ...text, sha256: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" };
await syncAssets(workOn([warm]), draft);
collect();
const before = process.memoryUsage.rss();
let highest = before;
let ended = false;
const sampling = (async () => {
  while (!ended) {
    collect();
    highest = Math.max(highest, process.memoryUsage.rss());
    await delay(50);
  }
})();
const large = { name: "large.bin", size: Number(size), source: { path }, generated: false, signed: false, sha256 };
await syncAssets(workOn([warm, large]), draft);
ended = true;
await sampling;
process.stdout.write(String(Math.max(highest, process.memoryUsage.rss()) - before));
