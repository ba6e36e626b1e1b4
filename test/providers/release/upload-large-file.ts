import { setTimeout as delay } from "node:timers/promises";
import { findRelease } from "../../../clients/github/release/releases.ts";
import { silent } from "../../../providers/host/progress.ts";
import { syncAssets } from "../../../providers/release/release-assets.ts";

// Attaches a file to a draft as the provider does and prints by how many bytes this process grew at most meanwhile.
// Arguments: owner, repo, id of the draft, path, size, sha256. Needs --expose-gc.
const [owner = "", repo = "", id = "", path = "", size = "", sha256 = ""] = process.argv.slice(2);
const draft = await findRelease({ owner, repo }, Number(id));
if (draft === undefined || gc === undefined) {
  throw new Error("no such draft, or no --expose-gc");
}
const collect = gc;

// What the first upload of a process needs once (buffers, compiled code) is no growth.
const words = { name: "warm-up.txt", size: 1, source: { text: "x" }, generated: true, signed: false };
const warm = { ...words, sha256: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" };
await syncAssets({ owner, repo }, draft, [warm], silent);
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
await syncAssets({ owner, repo }, draft, [warm, large], silent);
ended = true;
await sampling;
process.stdout.write(String(Math.max(highest, process.memoryUsage.rss()) - before));
