import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { ProcessMap } from "./processes.ts";

/**
 * Loaded before everything else (`node --import`). It changes two things of the product's modules:
 * - a map that a module keeps becomes a ProcessMap, so that two runs in this process share no memory;
 * - signing and verifying are replaced: the real ones open sockets of their own and make keys in threads, which no schedule can order;
 * - so are the folder of a run and the content cache: the processes of a run are one process here, which has its answers in memory.
 */
const root = new URL("../../../", import.meta.url).href;
const fakes = new URL("../world/", import.meta.url).href;
const replaced = new Map([
  ["clients/sigstore/signing.ts", "signing.ts"],
  ["clients/sigstore/blob-signing.ts", "signing.ts"],
  ["clients/sigstore/verification.ts", "verification.ts"],
  ["clients/run-folder.ts", "run-folder.ts"],
  ["clients/content-cache.ts", "content-cache.ts"],
]);
const keptMap = /^const (\w+) = new Map</gm;

/** Modules that keep something, by path: a test compares them with the product's. */
export const modulesWithMemory: string[] = [];

Object.assign(globalThis, { ProcessMap });

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const fake = replaced.get(found.url.slice(root.length));
    return fake === undefined || !found.url.startsWith(root) ? found : { ...found, url: `${fakes}${fake}` };
  },
  load(url, context, next) {
    const found = next(url, context);
    const path = url.startsWith(root) ? fileURLToPath(url).slice(fileURLToPath(root).length) : "";
    if (!/^(clients|providers|observe)\//.test(path) || found.source === undefined) {
      return found;
    }
    const text = typeof found.source === "string" ? found.source : Buffer.from(found.source as Uint8Array).toString();
    if (!keptMap.test(text)) {
      return found;
    }
    modulesWithMemory.push(path);
    return { ...found, source: text.replaceAll(keptMap, "const $1 = new ProcessMap<") };
  },
});
