import { setTimeout as delay } from "node:timers/promises";
import { signBlob } from "../../../clients/sigstore/blob-signing.ts";

// Signs a file and prints, as JSON, the bundle and by how many bytes this process grew at most meanwhile.
// Arguments: path, sha256, paths of a trusted root and of a signing config. Needs --expose-gc.
const [path = "", sha256 = "", trustedRoot = "", signingConfig = ""] = process.argv.slice(2);
if (gc === undefined) {
  throw new Error("no --expose-gc");
}
const collect = gc;
const instance = { trustedRoot, signingConfig };

// What the first signature of a process needs once (connections, compiled code) is no growth.
const words = { name: "warm-up.txt", source: { text: "x" } };
await signBlob({ ...words, sha256: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" }, instance);
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
const bundle = await signBlob({ name: "large.bin", sha256, source: { path } }, instance);
ended = true;
await sampling;
process.stdout.write(JSON.stringify({ bundle, growth: Math.max(highest, process.memoryUsage.rss()) - before }));
