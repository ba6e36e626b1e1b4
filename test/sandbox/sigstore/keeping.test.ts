import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSandbox } from "../../../sandbox/sandbox.ts";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { signStatement, verifyBundle } from "./sigstore-client.ts";

const ownWorkflow = "https://github.com/acme/widgets/.github/workflows/release.yml@refs/heads/main";
let folder: string;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-test-"));
  sandbox = await startSandbox({ folder, builder: false });
});
afterEach(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  await sandbox.close();
  sandbox = await startSandbox({ folder, builder: false });
}

describe("the sandbox's Sigstore, when the sandbox is started again", () => {
  it("has the same trusted root, byte for byte", async () => {
    const before = await readFile(sandbox.sigstore.trustedRoot, "utf8");
    await restart();
    expect(await readFile(sandbox.sigstore.trustedRoot, "utf8")).toBe(before);
  });
  it.each([1, 2] as const)("verifies what was signed over Rekor %i before, and goes on with its log", async (rekor) => {
    const old = await signStatement(sandbox.sigstore, { rekor });
    await restart();
    const fresh = await signStatement(sandbox.sigstore, { rekor });
    expect(await verifyBundle(sandbox.sigstore, old, ownWorkflow)).toBe(ownWorkflow);
    expect(await verifyBundle(sandbox.sigstore, fresh, ownWorkflow)).toBe(ownWorkflow);
    expect(sandbox.sigstore.entries()).toBe(2);
  });
  it("has the same request token", async () => {
    const { requestToken } = sandbox.sigstore.identity;
    await restart();
    expect(sandbox.sigstore.identity.requestToken).toBe(requestToken);
  });
  it("cuts off an entry that was written by half", async () => {
    await signStatement(sandbox.sigstore);
    await appendFile(join(folder, "sigstore", "rekor-v1.jsonl"), '{"integratedTime":1,"bo');
    await restart();
    await signStatement(sandbox.sigstore);
    await restart();
    expect(sandbox.sigstore.entries()).toBe(2);
  });
  it("keeps its keys from other users of the machine", async () => {
    const { mode } = await stat(join(folder, "sigstore", "keys.json"));
    expect(mode & 0o077).toBe(0);
  });
  it("gives a port to a folder that is older than this part", async () => {
    const { registry, web } = JSON.parse(await readFile(join(folder, "ports.json"), "utf8")) as Record<string, number>;
    await sandbox.close();
    await writeFile(join(folder, "ports.json"), JSON.stringify({ registry, web }));
    sandbox = await startSandbox({ folder, builder: false });
    expect(JSON.parse(await readFile(join(folder, "ports.json"), "utf8"))).toEqual({
      registry,
      web,
      sigstore: Number(new URL(sandbox.addresses.sigstore).port),
    });
  });
});

describe("the sandbox's Sigstore, when something goes wrong on purpose", () => {
  it("has every exchange in the journal, without tokens", async () => {
    const mark = sandbox.journal.mark();
    const { tokenRequestUrl, identity } = sandbox.sigstore;
    const headers = { authorization: `Bearer ${identity.requestToken}` };
    await fetch(`${tokenRequestUrl}&audience=sigstore`, { headers });
    await signStatement(sandbox.sigstore);
    const seen = sandbox.journal
      .since(mark, { door: "sigstore" })
      .map(({ method, path, status }) => [method, path, status]);
    expect(seen.slice(0, 2)).toEqual([
      ["GET", "/token?api-version=2.0&audience=sigstore", 200],
      ["POST", "/api/v2/signingCert", 200],
    ]);
    // The two witnesses are asked at the same time.
    expect(seen.slice(2).sort()).toEqual([
      ["POST", "/api/v1/log/entries", 201],
      ["POST", "/api/v1/timestamp", 201],
    ]);
    const text = await readFile(sandbox.journal.file, "utf8");
    expect(text).not.toContain(identity.requestToken);
  });
  it("takes no token for a write", async () => {
    const mark = sandbox.journal.mark();
    await signStatement(sandbox.sigstore);
    expect(sandbox.journal.writes(mark, { door: "sigstore" }).map(({ method }) => method)).toEqual([
      "POST",
      "POST",
      "POST",
    ]);
  });
  it("logs nothing where the fault comes before", async () => {
    const act = { status: 503, body: { message: "down" } };
    sandbox.faults.add({ door: "sigstore", method: "POST", path: /\/log\/entries$/, when: "before", act });
    await expect(signStatement(sandbox.sigstore)).rejects.toThrow("error creating tlog entry");
    expect(sandbox.sigstore.entries()).toBe(0);
  });
  it("has logged where the fault comes after", async () => {
    const act = { status: 502 };
    sandbox.faults.add({ door: "sigstore", method: "POST", path: /\/log\/entries$/, when: "after", act });
    await expect(signStatement(sandbox.sigstore)).rejects.toThrow("error creating tlog entry");
    expect(sandbox.sigstore.entries()).toBe(1);
  });
  it("lists a request it does not know as a violation", async () => {
    const answer = await fetch(`${sandbox.sigstore.url}/api/v1/index/retrieve`, { method: "POST" });
    expect(answer.status).toBe(501);
    expect(sandbox.violations()).toEqual([
      "POST /api/v1/index/retrieve: the sandbox does not know this operation of Sigstore",
    ]);
  });
});
