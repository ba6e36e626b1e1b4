import type { Command } from "./command.ts";
import { age, host, seconds, someText, wholeNumber } from "./value-kinds.ts";

const stack = {
  line: "the stack; reads Pulumi.NAME.yaml in this folder unless --config-file names a file",
  value: "NAME",
  short: "s",
  kind: someText,
} as const;
const configFile = {
  line: "the configuration file, for example in the repository that is released",
  value: "FILE",
  kind: someText,
} as const;
const example = "--config-file ../app/.lockstep/Pulumi.prod.yaml";

/** Every command, in the order of the help. Parsing, `--help`, docs/commands.md and the tests of all three are made from this table. */
export const commandTable = {
  start: {
    line: "releases the example project into a sandbox on this machine",
    options: { keep: { line: "leaves the sandbox up until Ctrl-C" } },
    failsIf: "the release failed",
    examples: ["npm start", "npm start -- --keep"],
  },
  preview: {
    line: "shows what a release would do; writes nothing that anyone else can read",
    options: { stack: { ...stack, required: true }, "config-file": configFile },
    passesTo: "preview",
    failsIf: "the release would fail",
    examples: [`npm run preview -- --stack prod ${example}`],
  },
  release: {
    line: "publishes what is missing, and prints what is public; after any failure, run it again",
    options: {
      stack: { ...stack, required: true },
      "config-file": configFile,
      "lock-age": {
        line: "how old a lock of another machine must be to count as left behind",
        value: "AGE",
        kind: age,
        // A job of GitHub's own machines ends after 6 hours at the latest.
        default: "6h",
      },
      "break-lock": { line: "removes every lock except those of living processes on this machine" },
    },
    passesTo: "up",
    failsIf: "something could not be released, or another run holds the stack",
    examples: [`npm run release -- --stack prod ${example}`],
  },
  verify: {
    line: "checks published Releases from the outside, without token, login or state",
    options: {
      all: { line: "checks every published version" },
      stack,
      "config-file": configFile,
      also: {
        line: "a registry to ask beside those of the configuration; may be repeated",
        value: "HOST",
        kind: host,
        repeated: true,
      },
      watch: { line: "checks again every so many seconds, until a promise is broken", value: "SECONDS", kind: seconds },
    },
    operands: { name: "UNIT@VERSION", line: "a version to check; one or more, unless --all is there" },
    failsIf: "a promise is broken, or could not be checked",
    examples: [`npm run verify -- app@1.2.3 ${example}`, `npm run verify -- --all --watch 300 ${example}`],
  },
  packages: {
    line: "compares an organization's container packages with its configuration",
    options: {
      stack: { ...stack, default: "org" },
      "config-file": configFile,
      json: { line: "prints JSON instead of a Markdown table" },
    },
    failsIf: "a package differs, or cannot be known",
    examples: ["npm run packages -- --config-file ../settings/Pulumi.org.yaml"],
  },
  retention: {
    line: "lists the package versions that nothing needs any more, and deletes them with --confirm",
    options: {
      stack,
      "config-file": configFile,
      keep: {
        line: "how many of the newest versions without a tag stay",
        value: "N",
        kind: wholeNumber,
        default: "10",
      },
      "older-than": {
        line: "how old a version must be, and never less than 1 day",
        value: "DAYS",
        kind: wholeNumber,
        default: "1",
      },
      confirm: { line: "deletes them" },
    },
    failsIf: "there is no package, or the token sees none",
    examples: [`npm run retention -- ${example} --keep 10 --older-than 30`],
  },
  before: {
    line: "lists the charts' versions that another tool published, for `before` of the chart set",
    options: { stack, "config-file": configFile },
    failsIf: "the registry could not be asked, or there is no chart set",
    examples: [`npm run before -- ${example}`],
  },
  pulumi: {
    line: "runs any command of Pulumi with the backend and the passphrase of a release",
    options: { stack: { ...stack, required: true }, "config-file": configFile },
    passesTo: "",
    failsIf: "Pulumi failed; other codes are Pulumi's own",
    examples: ["npm run pulumi -- stack --show-urns --stack prod", "npm run pulumi -- destroy --stack org"],
  },
  sandbox: {
    line: "starts the sandbox with the example project in it, and stays until Ctrl-C",
    options: {
      "allow-delete": { line: "makes the registry accept deletes" },
      delay: {
        line: "adds a network's round trip to every connection, in milliseconds",
        value: "MS",
        kind: wholeNumber,
        default: "0",
      },
    },
    failsIf: "it could not start",
    examples: ["npm run sandbox"],
  },
  help: {
    line: "lists all commands, or explains one",
    options: {},
    operands: { name: "COMMAND", line: "the command to explain" },
    failsIf: "it could not print",
    examples: ["npm run help", "npm run help -- release", "npm run release -- --help"],
  },
} as const satisfies Readonly<Record<string, Command>>;

/** A command of the table. */
export type CommandName = keyof typeof commandTable;

/** The scripts of package.json that are not commands. They are for work on Lockstep itself, and pass their arguments to another program. */
export const developmentScripts: Readonly<Record<string, string>> = {
  test: "runs all tests; arguments go to vitest",
  "test:fast": "runs the tests that need no engine, sandbox, builder or browser; arguments go to vitest",
  check: "runs types, lint, format and all tests, as CI does",
  "check:all": "does the same with the tools that are on PATH",
  "check:code": "runs types, lint and format",
  "check:sources": "does the same with the tools that are on PATH",
  "check:fast": "runs types, lint, format and the fast tests",
  format: "formats the code",
  "sandbox:reset": "forgets everything in the sandbox",
  conformance: "runs the trust tests on Sigstore's real servers, and compares charts with helm's own code",
  simulate: "plays releases in every order of their requests: seeds (1-100), `stories` or `mutants`",
  record: "records `npm start` for the README's picture; --draw only draws the recorded run again",
  bench: "measures how fast it is; a word names one part",
};
