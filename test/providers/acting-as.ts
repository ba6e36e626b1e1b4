import { onTestFinished } from "vitest";
import type { Token } from "../../sandbox/github/api/token.ts";
import type { ConnectedSandbox } from "../clients/connected-sandbox.ts";

let number = 0;

/**
 * Until the test is over, this process asks GitHub with another token.
 * @param token undefined: with none; a text: with that, which GitHub does not know
 * @returns the token's secret
 */
export function actingAs({ sandbox }: ConnectedSandbox, token: Token | string | undefined): string | undefined {
  const before = process.env["GITHUB_TOKEN"];
  onTestFinished(() => void (process.env["GITHUB_TOKEN"] = before));
  const secret = typeof token === "object" ? `canary-${++number}` : token;
  if (typeof token === "object") {
    sandbox.github.tokens.set(secret ?? "", token);
  }
  if (secret === undefined) {
    delete process.env["GITHUB_TOKEN"];
  } else {
    process.env["GITHUB_TOKEN"] = secret;
  }
  return secret;
}
