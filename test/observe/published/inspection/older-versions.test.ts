import { beforeAll, describe, expect, it } from "vitest";
import { signingSandbox } from "../../../clients/sigstore/signing-sandbox.ts";
import { registryClient } from "../../../sandbox/registry-client.ts";
import { verifiableUnit } from "./verifiable-unit.ts";
import type { VerifiableUnit } from "./verifiable-unit.ts";

const signing = signingSandbox();
let unit: VerifiableUnit;

/** 1.1.0 with one file; 1.2.0, the newest, with two. */
beforeAll(async () => {
  signing.runAs();
  unit = await verifiableUnit(signing, true);
  await unit.publish("1.1.0", { assets: unit.unit.inputs.assets.slice(0, 1), latest: false });
});

describe("inspect, when an older version is not as the configuration is today", () => {
  it("says so, and breaks no promise", async () => {
    const { exitCode, output } = await unit.verify(["--all"]);
    expect(output).toMatch(/^app 1\.2\.0: all \d+ promises are kept\n/);
    expect(output).toMatch(/^app 1\.1\.0: all \d+ promises are kept; 1 more to look at\n/m);
    expect(output).toMatch(/^ {2}differs {2}the record has \*\.yaml +nothing$/m);
    expect(exitCode).toBe(0);
  });
  it("says so of whom it was signed by", async () => {
    const identity = signing.identity({ repository: "acme/widgets", refs: "refs/tags/v*" });
    const { output } = await unit.verify(["--all"], { signing: identity });
    const promise = "the record asks for the signatures that the configuration asks for";
    expect(output).toMatch(new RegExp(`1\\.2\\.0: [^]*BROKEN {3}${promise} +refs refs/tags/\\*\\n[^]*1\\.1\\.0: `));
    expect(output).toMatch(new RegExp(`1\\.1\\.0: [^]*differs {2}${promise} +refs refs/tags/\\*\\n`));
  });
  it("is broken if it is asked for by name", async () => {
    const { exitCode, output } = await unit.verify(["--all", "app@1.1.0"]);
    expect(output).toMatch(/^app 1\.1\.0: 1 of \d+ promises are broken$/m);
    expect(output).toMatch(/^ {2}BROKEN {3}the record has \*\.yaml +nothing$/m);
    expect(exitCode).toBe(1);
  });
  it("is broken by what its own record does not keep", async () => {
    const image = unit.unit.inputs.artifacts["app"]?.repository.split("/").slice(1).join("/") ?? "";
    await registryClient(signing.sandbox).pushImage(image, "1.1.0", "something else");
    const { exitCode, output } = await unit.verify(["--all"]);
    expect(output).toMatch(/BROKEN {3}\S+:1\.1\.0 names the recorded digest/);
    expect(exitCode).toBe(1);
  });
});
