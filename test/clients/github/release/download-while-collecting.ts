import { readAssetText } from "../../../../clients/github/release/release-assets.ts";
import { listAssets } from "../../../../clients/github/release/releases.ts";

// Downloads a Release's asset eight times at once, twice, and collects garbage whenever it can meanwhile. Prints the lengths of what came, and how
// often it has collected. Arguments: owner, repo, id of the Release. Needs --expose-gc.
const [owner = "", repo = "", id = ""] = process.argv.slice(2);
const [asset] = await listAssets({ owner, repo }, Number(id));
if (asset === undefined || gc === undefined) {
  throw new Error("no such asset, or no --expose-gc");
}
const collect = gc;
let collections = 0;
const collecting = setInterval(() => {
  collect();
  collections += 1;
}, 0);
const lengths: number[] = [];
for (let round = 0; round < 2; round++) {
  const texts = await Promise.all(Array.from({ length: 8 }, () => readAssetText({ owner, repo }, asset)));
  lengths.push(...texts.map((text) => text.length));
}
clearInterval(collecting);
process.stdout.write(JSON.stringify({ lengths, collections }));
