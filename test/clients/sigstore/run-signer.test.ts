import { describe, expect, it, onTestFinished, vi } from "vitest";
import { runSigner } from "../../../clients/sigstore/run-signer.ts";
import { signingSandbox, workflow } from "./signing-sandbox.ts";

const signing = signingSandbox();

/** The environment of a run with this token and no other. */
function onlyToken(text: string | undefined): void {
  vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", undefined);
  vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", undefined);
  vi.stubEnv("SIGSTORE_ID_TOKEN", text);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** A token with these claims, signed by nobody. */
function token(claims: unknown): string {
  return ["{}", JSON.stringify(claims), ""].map((part) => Buffer.from(part).toString("base64url")).join(".");
}

describe("runSigner", () => {
  it("names all that its certificate will say", async () => {
    expect(await runSigner()).toEqual({
      issuer: signing.sandbox.sigstore.issuer,
      workflow: `${workflow}@refs/tags/v1.0.0`,
      repository: "acme/widgets",
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      trigger: "push",
      repositoryId: expect.stringMatching(/^\d+$/),
      ownerId: expect.stringMatching(/^\d+$/),
    });
  });

  it("names the reusable workflow that it calls, at the ref of the call", async () => {
    const called = "acme/ci/.github/workflows/release.yml@refs/tags/v2";
    signing.runWith({ ref: "refs/heads/main", job_workflow_ref: called });
    expect((await runSigner())?.workflow).toBe(called);
  });

  it("reads a token that the environment has", async () => {
    const claims = { iss: "https://issuer.example", job_workflow_ref: "a/b/.github/workflows/c.yml@refs/heads/main" };
    onlyToken(token(claims));
    const unsaid = { repository: "", commit: "", trigger: "", repositoryId: "", ownerId: "" };
    expect(await runSigner()).toEqual({ issuer: claims.iss, workflow: claims.job_workflow_ref, ...unsaid });
  });

  it.each([
    ["there is no token", undefined],
    ["the token is of no workflow", token({ iss: "https://issuer.example", sub: "somebody" })],
    ["the token is of nobody", token({ job_workflow_ref: "a/b/.github/workflows/c.yml@refs/heads/main" })],
    ["the token cannot be read", "x.y.z"],
    ["the token is no token", "hello"],
  ])("does not know where %s", async (_, text) => {
    onlyToken(text);
    expect(await runSigner()).toBeUndefined();
  });

  it("does not know where the service refuses", async () => {
    signing.sandbox.faults.add({
      door: "sigstore",
      method: "GET",
      path: /token/,
      when: "before",
      times: Infinity,
      act: { status: 403, body: { message: "no" } },
    });
    expect(await runSigner()).toBeUndefined();
  });
});
