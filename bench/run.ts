import { twentyImages } from "./images.ts";
import { packages } from "./packages.ts";
import { signatures } from "./signatures.ts";

const benches: Readonly<Record<string, () => Promise<string>>> = { signatures, packages, images: twentyImages };
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) {
    continue;
  }
  process.stdout.write(`## ${name}\n\n${await bench()}\n\n`);
}
