import type { FaultAct } from "./door/faults.ts";
import type { Door } from "./door/journal.ts";
import type { Sandbox } from "./sandbox.ts";

const helpText = `refuse REPOSITORY [WORDS]     the registry refuses writes: permission_denied: write_package, or your words
refuse-new REPOSITORY         it refuses only what does not exist yet; REPOSITORY may be acme/*
hide REPOSITORY               only the known user may read it
grant REPOSITORY              undoes refuse and hide
break-upload [NAME]           the next upload of an asset answers 502 and leaves a starter
fault DOOR METHOD PATH WHEN WHAT   once: DOOR registry, github, web or sigstore; PATH a pattern; WHEN before or after (the effect);
                              WHAT a status, reset, hang, or of the true answer (after): null, cut (to half), endless, drip
clear                         disarms all faults
journal [COUNT]               the last exchanges
violations                    what broke GitHub's description`;

type Command = (sandbox: Sandbox, words: readonly string[]) => string;

const commands: Record<string, Command> = {
  help: () => helpText,
  refuse({ registry }, [repository, ...words]) {
    registry.refuse(needed(repository, "REPOSITORY"), words.length === 0 ? {} : { message: words.join(" ") });
    return `${repository}: writes are refused`;
  },
  "refuse-new"({ registry }, [repository]) {
    registry.refuse(needed(repository, "REPOSITORY"), { create: true });
    return `${repository}: creation is refused`;
  },
  hide({ registry }, [repository]) {
    registry.hide(needed(repository, "REPOSITORY"));
    return `${repository}: is private`;
  },
  grant({ registry }, [repository]) {
    registry.grant(needed(repository, "REPOSITORY"));
    return `${repository}: is as at the start`;
  },
  "break-upload"({ github }, [name]) {
    github.breakUpload(name === undefined ? {} : { name: new RegExp(name) });
    return "the next upload fails";
  },
  fault({ faults }, [door, method, path, when, what]) {
    faults.add({
      door: oneOf(door, ["registry", "github", "web", "sigstore"] satisfies Door[], "DOOR"),
      method: needed(method, "METHOD").toUpperCase(),
      path: new RegExp(needed(path, "PATH")),
      when: oneOf(when, ["before", "after"] as const, "WHEN"),
      act: actOf(needed(what, "WHAT")),
    });
    return `armed, ${faults.waiting} waiting`;
  },
  clear({ faults }) {
    faults.clear();
    return "no fault is armed";
  },
  journal({ journal }, [count = "10"]) {
    const entries = journal.since(0).slice(-Number(count));
    return entries.map(({ id, door, method, path, status }) => `${id} ${door} ${method} ${path} ${status}`).join("\n");
  },
  violations: (sandbox) => sandbox.violations().join("\n") || "none",
};

/** Runs one line that a person typed and returns the text to print; never throws. */
export function runCommand(sandbox: Sandbox, line: string): string {
  const [name = "", ...words] = line.trim().split(/\s+/);
  if (name === "") {
    return "";
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    return `${name}: is not a command, try help`;
  }
  try {
    return command(sandbox, words);
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function needed(word: string | undefined, what: string): string {
  if (word === undefined) {
    throw new Error(`${what} is missing, try help`);
  }
  return word;
}

function oneOf<const T extends string>(word: string | undefined, choices: readonly T[], what: string): T {
  const found = choices.find((choice) => choice === needed(word, what));
  if (found === undefined) {
    throw new Error(`${what} is one of ${choices.join(", ")}`);
  }
  return found;
}

const acts: Readonly<Record<string, FaultAct>> = {
  reset: "reset",
  hang: "hang",
  null: { status: 200, body: "null", headers: { "content-type": "application/json; charset=utf-8" } },
  cut: { cut: 0.5 },
  endless: { endless: true },
  drip: { drip: 2000 },
};

function actOf(word: string): FaultAct {
  const known = Object.hasOwn(acts, word) ? acts[word] : undefined;
  if (known !== undefined) {
    return known;
  }
  const status = Number(word);
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new Error(`WHAT is a status from 200 to 599, or one of ${Object.keys(acts).join(", ")}`);
  }
  return { status, body: { message: "A fault of the sandbox" } };
}
