import { charts, unchangedCharts } from "./charts/charts.ts";
import { twentyImages } from "./images.ts";
import { packages } from "./packages.ts";
import { release } from "./release/release.ts";
import { signatures } from "./signatures.ts";

/** By name; each gets the numbers of the command line. */
const benches: Readonly<Record<string, (sizes: readonly number[]) => Promise<string>>> = {
  signatures,
  packages,
  images: twentyImages,
  release,
  charts,
  unchanged: unchangedCharts,
};
const words = process.argv.slice(2);
const sizes = words.filter((word) => /^\d+$/.test(word)).map(Number);
const wanted = words.filter((word) => !/^\d+$/.test(word));
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) {
    continue;
  }
  process.stdout.write(`## ${name}\n\n${await bench(sizes)}\n\n`);
}
