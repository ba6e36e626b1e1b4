import { shownLines } from "../errors/shown-text.ts";
import { withoutSecrets } from "../errors/without-secrets.ts";
import { packages } from "./packages.ts";
import { preview } from "./preview.ts";
import { pulumi } from "./pulumi.ts";
import { release } from "./release.ts";
import { retention } from "./retention.ts";
import { sandbox } from "./sandbox.ts";
import { start } from "./start.ts";
import { verify } from "./verify.ts";

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  packages,
  preview,
  pulumi,
  release,
  retention,
  sandbox,
  start,
  verify,
};
const [name = "", ...args] = process.argv.slice(2);
const command = commands[name];

try {
  if (command === undefined) {
    throw new Error(`There is no command "${name}": use one of ${Object.keys(commands).join(", ")}.`);
  }
  process.exitCode = await command(args);
} catch (error) {
  process.stderr.write(`${shownLines(withoutSecrets(error instanceof Error ? error.message : String(error)))}\n`);
  process.exitCode = 1;
}
