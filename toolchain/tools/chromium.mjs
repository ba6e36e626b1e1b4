import { hasDebianPackages, installDebianPackage } from "../sources/debian-package.mjs";
import { findOnPath } from "../machine/environment.mjs";
import { ToolError } from "../machine/tool-error.mjs";

/** @typedef {import("../machine/machine.mjs").Machine} Machine */

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** @param {Machine} machine */
function browser(machine) {
  return names.map((name) => findOnPath(machine, name)).find((path) => path !== undefined);
}

/**
 * A browser for the tests of web pages. Only `--for-tests` asks for it.
 *
 * @type {import("../machine/tool.mjs").Tool}
 */
export const chromium = {
  name: "chromium",
  version: "",
  path: (machine) => browser(machine) ?? "chromium",
  found: (machine) => (browser(machine) === undefined ? undefined : "on PATH"),
  async install(job) {
    if (hasDebianPackages(job.machine)) {
      return installDebianPackage("chromium", job);
    }
    throw new ToolError(
      "chromium: not on PATH, and one test opens a Release's page with it.\n" +
        "Install your system's package (Debian: sudo apt-get install chromium; Fedora: sudo dnf install chromium; macOS: " +
        "brew install chromium).",
      { bearable: true },
    );
  },
};
