import { noteOrigin } from "../machine/placement.mjs";
import { compareScripts, placeScripts } from "../sources/copied-scripts.mjs";
import { pulumiPlugin } from "./pulumi-plugin.mjs";

/**
 * The scripts that stand in for the official plugin, which is in no Go module. They make command:local:Command only.
 *
 * @type {import("../sources/copied-scripts.mjs").Scripts}
 */
const standIn = {
  programs: { "pulumi-resource-command": "command-provider.mjs" },
  modules: ["command-files.mjs", "command-inputs.mjs", "command-process.mjs", "engine-plugin.mjs", "wire-values.mjs"],
};

/** The plugin of the npm package @pulumi/command, which runs a command as a resource. */
export const command = pulumiPlugin("command", "command", {
  isOutdated: (machine, folder) => compareScripts(machine, folder, standIn) === "outdated",
  async make({ machine, say }, folder) {
    say("copying");
    const origin = await placeScripts(machine, folder, standIn);
    await noteOrigin(folder, origin);
    return origin;
  },
});
