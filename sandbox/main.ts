import { parseArgs } from "node:util";
import { forgetFolder } from "./host/folder.ts";
import { runSandbox } from "./run-sandbox.ts";

const { values } = parseArgs({
  options: {
    folder: { type: "string", default: ".sandbox" },
    reset: { type: "boolean", default: false },
    "no-builder": { type: "boolean", default: false },
    "allow-delete": { type: "boolean", default: false },
    delay: { type: "string", default: "0" },
  },
});

try {
  const delay = Number(values.delay);
  if (!Number.isInteger(delay) || delay < 0) {
    throw new Error(`--delay expects a number of milliseconds, not ${JSON.stringify(values.delay)}.`);
  }
  if (values.reset) {
    await forgetFolder(values.folder);
    process.stdout.write(`${values.folder}: forgotten\n`);
  } else {
    await runSandbox({
      folder: values.folder,
      builder: !values["no-builder"],
      allowDelete: values["allow-delete"],
      delay,
    });
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
