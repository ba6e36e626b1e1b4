import { describe, expect, it } from "vitest";
import { setImmutableReleases } from "../../../clients/github/settings/immutable-releases.ts";
import { observeImmutability } from "../../../observe/published/immutability.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";

const world = connectedSandbox();

describe("observeImmutability", () => {
  it("is told so where the setting may be read", async () => {
    const { owner, repo, fullName } = await world.repository();
    expect(await observeImmutability(fullName)).toBe(false);
    await setImmutableReleases({ owner, repo }, true);
    expect(await observeImmutability(fullName)).toBe(true);
  });

  it("cannot be known with a workflow's token, which never has `administration`", async () => {
    const { fullName } = await world.repository();
    const own = process.env["GITHUB_TOKEN"];
    world.sandbox.github.tokens.set("run", {
      kind: "actions",
      repository: fullName,
      permissions: { contents: "write" },
    });
    process.env["GITHUB_TOKEN"] = "run";
    try {
      expect(await observeImmutability(fullName)).toBeUndefined();
    } finally {
      process.env["GITHUB_TOKEN"] = own;
    }
  });

  it("is an error where GitHub does not answer", async () => {
    const { fullName } = await world.repository();
    const fault = { door: "github", method: "GET", path: /immutable-releases/, when: "before" } as const;
    world.sandbox.faults.add({ ...fault, times: Infinity, act: { status: 503 } });
    await expect(observeImmutability(fullName)).rejects.toMatchObject({ code: "SERVER_FAULT" });
  });
});
