import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { manifestType, registryClient } from "../registry-client.ts";
import { temporarySandbox } from "../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox({ allowDelete: true }));
});
afterAll(() => forget());

describe("the registry door, when deleting is allowed", () => {
  it("deletes a manifest by digest", async () => {
    const client = registryClient(sandbox);
    const digest = await client.pushImage("acme/app", "1.0.0", "gone");
    const token = await client.bearer(["repository:acme/app:pull,push,delete"]);
    const deleted = await client.send("DELETE", `/v2/acme/app/manifests/${digest}`, token);
    const after = await client.send("HEAD", `/v2/acme/app/manifests/${digest}`, token, {
      headers: { accept: manifestType },
    });
    expect([deleted.status, after.status]).toEqual([202, 404]);
  });
});
