import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runChild } from "../machine/child-process.mjs";
import { noteOrigin, placeFiles } from "../machine/placement.mjs";
import { ToolError } from "../machine/tool-error.mjs";

/** @typedef {import("../machine/machine.mjs").Machine} Machine */
/** @typedef {import("../machine/tool.mjs").Job} Job */
/** @typedef {import("../machine/versions.mjs").GoRecipe} GoRecipe */

/** How the table of tools says that a tool was built. */
export const builtFromSource = "built from source";

/**
 * Makes sure that the Go on PATH can build a recipe. GOTOOLCHAIN stays as it is: if it allows that, an older Go
 * fetches the version that go.mod names.
 *
 * @param {Machine} machine
 * @param {GoRecipe} recipe
 * @throws {ToolError} Go is missing or too old: which version is needed, and where to get it
 */
export async function requireGo(machine, recipe) {
  const cwd = moduleFolder(machine, recipe);
  const needed = /^go (\S+)$/m.exec(await readFile(join(cwd, "go.mod"), "utf8"))?.[1];
  try {
    // Unlike `go version`, this reads go.mod and fails if Go is older than that asks for.
    await runChild("go", ["list", "-m", "-mod=readonly"], { env: machine.env, cwd });
  } catch (error) {
    if (!(error instanceof ToolError)) {
      throw error;
    }
    const state = error.missing ? "is not on PATH" : `on PATH cannot build it:\n${error.message}`;
    throw new ToolError(
      `${recipe.module} is built from source, and Go ${state}\n` +
        `Install Go ${needed} or newer (https://go.dev/dl), put its bin folder on PATH, and run this again.`,
    );
  }
}

/**
 * Builds a recipe's programs from Go modules and puts them into a folder. After an interruption the next build continues
 * from Go's own cache. go.mod and go.sum are only read: a module with another sum ends the build.
 *
 * @param {Job} job
 * @param {GoRecipe} recipe
 * @param {string} folder
 * @returns {Promise<string>} where they came from
 */
export async function buildWithGo({ machine, say, signal, inBuildQueue }, recipe, folder) {
  await requireGo(machine, recipe);
  await inBuildQueue(() =>
    placeFiles(folder, async (partial) => {
      let packages = 0;
      let downloads = 0;
      say("building from source");
      const args = ["build", "-v", "-mod=readonly", "-buildvcs=false", "-trimpath"];
      args.push("-ldflags", `-s -w ${recipe.stamps}`, "-o", join(partial, recipe.program ?? "/"), ...recipe.packages);
      await runChild("go", args, {
        env: machine.env,
        cwd: moduleFolder(machine, recipe),
        signal,
        onLine: (line) => {
          if (line.startsWith("go: downloading ")) {
            downloads += 1;
          } else if (/^[\w./~-]+$/.test(line)) {
            packages += 1;
          }
          say(`building from source, ${packages > 0 ? `package ${packages}` : `download ${downloads}`}`);
        },
      });
      return partial;
    }),
  );
  await noteOrigin(folder, builtFromSource);
  return builtFromSource;
}

/**
 * @param {Machine} machine
 * @param {GoRecipe} recipe
 */
function moduleFolder(machine, recipe) {
  return join(machine.checkout, "toolchain", "go", recipe.module);
}
