import { dirname, join } from "node:path";
import { toolPaths } from "../machine/tool-paths.mjs";
import { compareScripts, placeScripts, thisCheckout } from "../sources/copied-scripts.mjs";
import { pulumi } from "./pulumi.mjs";

/** @type {import("../sources/copied-scripts.mjs").Scripts} */
const scripts = {
  programs: {
    "pulumi-language-nodejs": "language-host.mjs",
    "pulumi-resource-pulumi-nodejs": "dynamic-provider.mjs",
  },
  modules: ["engine-plugin.mjs"],
};

/** What compareScripts() found -> where the language host came from. */
const origins = { missing: undefined, outdated: undefined, current: thisCheckout, foreign: "came with pulumi" };

/**
 * The two programs beside the CLI that run a Node program and dynamic resources. The official release has them. Beside a
 * CLI that was built from source they are copied from `toolchain/plugins`, and copied again when they change there.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const languageHost = {
  name: "language host",
  version: pulumi.version,
  path: (machine) => join(folderOf(machine), "pulumi-language-nodejs"),
  found: (machine) => origins[compareScripts(machine, folderOf(machine), scripts)],
  async install({ machine, say, ready }) {
    await ready(pulumi);
    const found = languageHost.found(machine); // an official release has brought it
    if (found !== undefined) {
      return found;
    }
    say("copying");
    return placeScripts(machine, folderOf(machine), scripts);
  },
};

/** @param {import("../machine/machine.mjs").Machine} machine */
function folderOf(machine) {
  return dirname(toolPaths(machine).pulumi);
}
