import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { runCommand } from "../../sandbox/terminal-command.ts";
import { registryClient } from "./registry-client.ts";
import { temporarySandbox } from "./temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
});
afterAll(() => forget());

const push = async (): Promise<string> => {
  const client = registryClient(sandbox);
  const token = await client.bearer(["repository:acme/app:pull,push"]);
  const answer = await client.send("POST", "/v2/acme/app/blobs/uploads/", token);
  return `${answer.status} ${await answer.text()}`;
};

describe("the sandbox's terminal", () => {
  it("refuses and grants a repository", async () => {
    runCommand(sandbox, "refuse acme/app The token provided does not match expected scopes");
    const refused = await push();
    runCommand(sandbox, "grant acme/app");
    expect([refused, await push()]).toEqual([expect.stringMatching(/^403 .*expected scopes/), "202 "]);
  });
  it("refuses what is new", async () => {
    runCommand(sandbox, "refuse-new acme/*");
    const refused = await push();
    runCommand(sandbox, "grant acme/*");
    expect(refused).toMatch(/^403 .*installation not allowed to Create organization package/);
  });
  it("arms a fault once", async () => {
    expect(runCommand(sandbox, "fault web GET ^/$ before 503")).toBe("armed, 1 waiting");
    const statuses = [await fetch(sandbox.addresses.web), await fetch(sandbox.addresses.web)].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([503, 200]);
  });
  it("shows the last exchanges", () => {
    expect(runCommand(sandbox, "journal 1")).toMatch(/^\d+ web GET \/ 200$/);
  });
  it.each([
    ["", ""],
    ["dance", "dance: is not a command, try help"],
    ["toString", "toString: is not a command, try help"],
    ["refuse", "refuse: REPOSITORY is missing, try help"],
    ["fault moon GET / before 500", "fault: DOOR is one of registry, github, web, sigstore"],
    [
      "fault web GET / before 999",
      "fault: WHAT is a status from 200 to 599, or one of reset, hang, null, cut, endless, drip",
    ],
    ["violations", "none"],
  ])("answers %j with %j", (line, answer) => {
    expect(runCommand(sandbox, line)).toBe(answer);
  });
});
