import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { writeChecksums } from "../../../../formats/release/checksums.ts";
import type { ReleaseRecord } from "../../../../formats/release/release-record.ts";
import { localServer } from "../../../clients/local-server.ts";
import { signingSandbox } from "../../../clients/sigstore/signing-sandbox.ts";
import { sha256 } from "../../../providers/release/releasable-unit.ts";
import { verifiableUnit } from "./verifiable-unit.ts";
import type { VerifiableUnit } from "./verifiable-unit.ts";

const signing = signingSandbox();
const record = "lockstep.release.json";
let unit: VerifiableUnit;

beforeAll(async () => {
  unit = await verifiableUnit(signing, false);
});

/** The record with a change, as anybody writes it who may write to the Release. */
async function changeRecord(change: (old: ReleaseRecord) => unknown): Promise<void> {
  const statement = JSON.parse(await unit.text(record)) as { predicate: ReleaseRecord };
  await unit.put(record, JSON.stringify({ ...statement, predicate: change(statement.predicate) }));
}

/** Changes one field of the record's only artifact. */
const changeArtifact = (change: Record<string, unknown>) =>
  changeRecord((old) => ({ ...old, artifacts: { app: { ...old.artifacts["app"], ...change } } }));

describe("inspect, when a Release is not signed", () => {
  it("is kept if nothing was touched, and the first line says what that is worth", async () => {
    const { exitCode, output } = await unit.verify(["app@1.2.0"]);
    expect(output).toMatch(
      /^app 1\.2\.0: nothing here is signed, so this is the Release's own word; all \d+ promises are kept\n/,
    );
    expect(output).not.toMatch(/BROKEN|differs/);
    expect(exitCode).toBe(0);
  });
  it("is broken by a record without the configured image", async () => {
    await changeRecord((old) => ({ ...old, artifacts: {} }));
    const { exitCode, output } = await unit.verify(["app@1.2.0"]);
    expect(output).toMatch(/BROKEN +the record has app as \S+:1\.2\.0 +nothing/);
    expect(exitCode).toBe(1);
  });
  it("is broken by a record of nothing, with files that agree with each other", async () => {
    const files = { "app.txt": "the app\n", "install.yaml": "kind: Evil\n" };
    const sums = writeChecksums(Object.entries(files).map(([name, text]) => ({ name, sha256: sha256(text) })));
    await unit.put("install.yaml", files["install.yaml"]);
    await unit.put("checksums.txt", sums);
    await changeRecord((old) => ({ ...old, artifacts: {}, assets: {} }));
    const { exitCode, output } = await unit.verify(["app@1.2.0"]);
    for (const name of ["app\\.txt", "\\*\\.yaml", "checksums\\.txt"]) {
      expect(output).toMatch(new RegExp(`BROKEN +the record has ${name} +nothing`));
    }
    expect(output).toMatch(/BROKEN +install\.yaml, a file of the Release, is in the record/);
    expect(exitCode).toBe(1);
  });
  it("is broken by a file of the configuration that is missing", async () => {
    const assets = [{ path: "files/app.txt" }, { path: "files/other.txt" }, { glob: "deploy/*.{json,toml}" }];
    const { exitCode, output } = await unit.verify(["app@1.2.0"], { assets });
    expect(output).toMatch(/BROKEN +the record has other\.txt +nothing/);
    expect(output).toMatch(/BROKEN +the record has \*\.\{json,toml\} +nothing/);
    expect(exitCode).toBe(1);
  });
  it("shows a file and an image that the configuration does not have", async () => {
    await unit.put("evil.sh", "echo evil\n");
    await changeRecord((old) => ({
      ...old,
      artifacts: { ...old.artifacts, also: old.artifacts["app"] },
      assets: { ...old.assets, "evil.sh": sha256("echo evil\n") },
    }));
    const { output } = await unit.verify(["app@1.2.0"]);
    expect(output).toMatch(/^app 1\.2\.0: .*; 2 more to look at\n/);
    expect(output).toMatch(/differs +the configuration has the file evil\.sh +nothing/);
    expect(output).toMatch(/differs +the configuration has also, which is \S+:1\.2\.0 +nothing/);
  });
});

describe("inspect, when a record has text that is none of its fields'", () => {
  it.each([
    ["a line of its own", "tag", "1.2.0\n  kept    everything is fine"],
    ["an escape", "tag", "1.2.0\u001B[2Jall 9 promises are kept: everything is fine"],
    ["an escape of one byte", "repository", "\u009B2Jeverything is fine"],
    ["a turned direction", "digest", "\u202Eeverything is fine"],
  ])("names the field and prints nothing of it: %s", async (_, field, text) => {
    await changeArtifact({ [field]: text });
    const { exitCode, output } = await unit.verify(["app@1.2.0"]);
    const said = `\`predicate.artifacts.app.${field}\` is not as Lockstep writes it`;
    expect(output).toContain(said);
    expect(output).toMatch(/^ {2}BROKEN {3}lockstep\.release\.json says what the Release is made of/m);
    expect(output).not.toContain("everything is fine");
    expect(output).toMatch(/^[\n -~]*$/);
    expect(exitCode).toBe(1);
  });
  it("shows no name that the record chose", async () => {
    await changeRecord((old) => ({ ...old, assets: { "\u001B[2Jeverything is fine": "a".repeat(64) } }));
    const { output } = await unit.verify(["app@1.2.0"]);
    expect(output).toContain("`predicate.assets.…` is not as Lockstep writes it");
    expect(output).not.toContain("everything is fine");
  });
  it("is no record if it is too large for one", async () => {
    await unit.put(record, " ".repeat(4 * 2 ** 20 + 1));
    const { output } = await unit.verify(["app@1.2.0"]);
    expect(output).toMatch(/BROKEN +lockstep\.release\.json says what .* it has more than 4194304 bytes/);
  });
});

describe("inspect, when a record names a registry that the configuration does not name", () => {
  const elsewhere = async () => {
    const server = await localServer((_, response) => response.writeHead(404).end("{}"));
    onTestFinished(() => server.close());
    await changeArtifact({ repository: `${server.address}/acme/app` });
    return server;
  };
  it("names the host and asks it nothing", async () => {
    const { address, seen } = await elsewhere();
    const { exitCode, output } = await unit.verify(["app@1.2.0"]);
    expect(output).toMatch(
      new RegExp(`BROKEN +${address}/acme/app is in a registry of the configuration +${address}, which was not asked`),
    );
    expect(exitCode).toBe(1);
    expect(seen).toEqual([]);
  });
  it("asks it if it is allowed", async () => {
    const { address, seen } = await elsewhere();
    const { output } = await unit.verify(["app@1.2.0", "--also", "docker.io", "--also", address.toUpperCase()]);
    expect(output).toMatch(new RegExp(`BROKEN +${address}/acme/app:1\\.2\\.0 names the recorded digest +nothing`));
    expect(seen.map(({ url }) => url)).toContain("/v2/acme/app/manifests/1.2.0");
  });
  it.each(["https://docker.io", "docker.io/library", ""])("refuses a host that is none: %j", async (host) => {
    const run = unit.verify(["app@1.2.0", "--also", host]);
    await expect(run).rejects.toThrow(`--also expects the host of a registry, such as docker.io or localhost:5000`);
  });
});
