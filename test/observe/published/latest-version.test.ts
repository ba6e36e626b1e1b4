import { describe, expect, it } from "vitest";
import { findLatestVersion } from "../../../observe/published/latest-version.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { githubClient } from "../../sandbox/github-client.ts";

const world = connectedSandbox();

describe("findLatestVersion", () => {
  it("finds the highest stable version of the unit that is published", async () => {
    const { fullName } = await world.repository();
    const api = githubClient(world.sandbox);
    const releases: [tag: string, more: object][] = [
      ["app-v1.9.0", {}],
      ["app-v1.10.0", {}],
      ["app-v2.0.0-rc.1", { prerelease: true }],
      ["app-v2.0.0-rc.2", {}],
      ["app-v1.11.0", { prerelease: true }],
      ["app-v1.12.0", { draft: true }],
      ["web-v3.0.0", {}],
      ["app-v1.10", {}],
    ];
    for (const [tag, more] of releases) {
      await api.post(`/repos/${fullName}/releases`, { tag_name: tag, name: tag, body: "", ...more });
    }
    expect(await findLatestVersion(fullName, "app-v{version}")).toBe("1.10.0");
    expect(await findLatestVersion(fullName, "cli-v{version}")).toBeUndefined();
  });
});
