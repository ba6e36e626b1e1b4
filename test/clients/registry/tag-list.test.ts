import { describe, expect, it } from "vitest";
import { listSomeTags } from "../../../clients/registry/tag-list.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { registryClient } from "../../sandbox/registry-client.ts";
import { connectedSandbox } from "../connected-sandbox.ts";
import { failure } from "../failure.ts";

const world = connectedSandbox();

const arm = (act: FaultAct, times = 1): void => {
  world.sandbox.faults.add({ door: "registry", method: "GET", path: /\/tags\/list/, when: "before", times, act });
};

describe("listSomeTags", () => {
  it("has the tags of a repository", async () => {
    const { repository, name } = world.image();
    await registryClient(world.sandbox).pushImage(name, "1.0.0", name);
    await registryClient(world.sandbox).pushImage(name, "latest", name);
    expect((await listSomeTags(repository))?.toSorted()).toEqual(["1.0.0", "latest"]);
  });

  it("says of a repository that does not exist that it does not", async () => {
    expect(await listSomeTags(world.image().repository)).toBeUndefined();
  });

  it("is empty where the registry says null", async () => {
    arm({ status: 200, body: { name: "acme/app", tags: null } });
    expect(await listSomeTags(world.image().repository)).toEqual([]);
  });

  it("asks once, for a bounded number", async () => {
    const { repository, name } = world.image();
    await registryClient(world.sandbox).pushImage(name, "1.0.0", name);
    // This process is logged in after the first request.
    await listSomeTags(repository);
    const mark = world.sandbox.journal.mark();
    await listSomeTags(repository);
    expect(world.sandbox.journal.since(mark).map(({ method, path }) => [method, path])).toEqual([
      ["GET", `/v2/${name}/tags/list?n=1000`],
    ]);
  });

  it.each<[what: string, act: FaultAct, words: string]>([
    ["a refusal", { status: 403, body: { errors: [{ code: "DENIED", message: "no" }] } }, "DENIED: no"],
    ["something else than a list", { status: 200, body: { tags: "1.0.0" } }, "the list of tags cannot be read: tags"],
    ["a page of HTML", { status: 200, body: "<html>" }, "the list of tags cannot be read: is not JSON"],
  ])("refuses %s", async (_, act, words) => {
    arm(act, Infinity);
    const error = await failure(ServerRefusal, listSomeTags(world.image().repository));
    expect(error.words).toContain(words);
  });
});
