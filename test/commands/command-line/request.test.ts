import { describe, expect, it } from "vitest";
import { commandTable } from "../../../commands/command-line/command-table.ts";
import type { CommandName } from "../../../commands/command-line/command-table.ts";
import { commandHelp, helpText } from "../../../commands/command-line/help-text.ts";
import { Misuse } from "../../../commands/command-line/misuse.ts";
import { requestIn } from "../../../commands/command-line/request.ts";

const names = Object.keys(commandTable) as CommandName[];

describe("requestIn()", () => {
  it.each([[["help"]], [["--help"]], [["-h"]]])("%j asks for the help for all commands", (words) => {
    expect(requestIn(words)).toEqual({ help: helpText() });
  });

  it.each(names)("%s is explained by --help, -h, and help", (name) => {
    const help = commandHelp(name);
    expect(requestIn([name, "--help"])).toEqual({ help });
    expect(requestIn([name, "--nonsense", "-h"])).toEqual({ help });
    expect(requestIn(["help", name])).toEqual({ help });
  });

  it("explains several commands at once", () => {
    expect(requestIn(["help", "start", "sandbox"])).toEqual({
      help: `${commandHelp("start")}\n\n${commandHelp("sandbox")}`,
    });
  });

  it("leaves what follows `--` to Pulumi", () => {
    expect(requestIn(["release", "--stack", "prod", "--", "--help"])).toEqual({
      command: "release",
      args: ["--stack", "prod", "--", "--help"],
    });
  });

  it("finds a command and its arguments, and does not read them", () => {
    expect(requestIn(["verify", "--nonsense"])).toEqual({ command: "verify", args: ["--nonsense"] });
  });

  it.each([
    [[], "Which command? Commands: start, "],
    [[""], 'There is no command "". Commands: start, '],
    [["relaese", "--help"], 'There is no command "relaese". Commands: start, '],
    [["constructor"], 'There is no command "constructor".'],
    [["help", "relaese"], 'There is no command "relaese".'],
    [["help", "--all"], "There is no option --all."],
  ])("refuses %j", (words, message) => {
    expect(() => requestIn(words)).toThrow(Misuse);
    expect(() => requestIn(words)).toThrow(message);
  });
});
