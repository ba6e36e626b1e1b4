import { beforeAll, describe, expect, it } from "vitest";
import { release } from "../../programs/release.ts";
import { connectedSandbox } from "../clients/connected-sandbox.ts";
import { registryClient } from "../sandbox/registry-client.ts";
import { programRun } from "../support/program-run.ts";
import { makeProject } from "../support/project.ts";

const world = connectedSandbox();

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

describe("release, when a chart would go to a repository of images", () => {
  it.each(["preview", "up"] as const)("stops %s before anything is registered or written", async (kind) => {
    const project = await makeProject(world.sandbox, `mixed-${kind}`);
    const name = `acme/mixed-${kind}/widgets`;
    const repository = `${world.sandbox.addresses.registry}/${name}`;
    await project.configure({
      repository: project.fullName,
      charts: [{ path: "charts/widgets", repository }],
      signing: "off",
    });
    await project.write({ "charts/widgets/Chart.yaml": "apiVersion: v2\nname: widgets\nversion: 1.2.3\n" });
    await project.commit("v1.2.3");
    await registryClient(world.sandbox).pushImage(name, "1.2.2", "an image");
    const mark = world.sandbox.journal.mark();
    const { output, stops, registered } = await programRun(kind, () => release(project.configuration()));
    expect([stops, registered, world.sandbox.journal.writes(mark)]).toEqual([true, [], []]);
    expect(output).toContain("checking what the repositories hold failed [CONFIGURATION]");
    expect(output).toContain(`${repository}:1.2.2 is an image`);
  });
});
