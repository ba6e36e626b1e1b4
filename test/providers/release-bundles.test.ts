import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { StoredBundle } from "../../clients/signing.ts";
import { signBlob } from "../../clients/signing.ts";
import { verifyBlob } from "../../clients/verification.ts";
import { signingSandbox } from "../clients/signing-sandbox.ts";
import { engineHost } from "./engine-host.ts";
import { assetNames, mark, releasableUnit } from "./releasable-unit.ts";
import type { ReleaseJson } from "./releasable-unit.ts";
import { releaseErrorOf } from "./release-error-of.ts";

const signing = signingSandbox();
const host = engineHost("github-release");
const entries = (): number => signing.sandbox.sigstore.entries();
const signedNames = ["checksums.txt", "lockstep.release.json"];
const bundleNames = signedNames.map((name) => `${name}.sigstore.json`);
const evil = "evil/widgets/.github/workflows/release.yml";
type Unit = Awaited<ReturnType<typeof signedUnit>>;

/** A unit that is signed, of which all but the Release is done. */
async function signedUnit() {
  const unit = await releasableUnit(signing.world);
  const inputs = { ...unit.inputs, signing: signing.identity(), sigstore: signing.instance() };
  const only = async (): Promise<ReleaseJson | undefined> => (await unit.releases())[0];
  const bytesOf = async (name: string): Promise<Buffer> => {
    const asset = (await only())?.assets.find((each) => each.name === name);
    const headers = {
      accept: "application/octet-stream",
      authorization: `Bearer ${signing.sandbox.environment["GITHUB_TOKEN"]}`,
    };
    return Buffer.from(await (await fetch(asset?.url ?? "", { headers })).arrayBuffer());
  };
  return {
    ...unit,
    inputs,
    only,
    bytesOf,
    names: async () => ((await only())?.assets ?? []).map(({ name }) => name).toSorted(),
    verified: () => Promise.all(signedNames.map((name) => verifies(bytesOf, name))),
    async remove(name: string): Promise<void> {
      const asset = (await only())?.assets.find((each) => each.name === name);
      await unit.api.delete(`${unit.path}/assets/${asset?.id ?? 0}`);
    },
    async put(name: string, text: string): Promise<void> {
      const release = await only();
      if (release === undefined) throw new Error("there is no Release");
      await unit.attach(release, name, text);
    },
  };
}

async function verifies(bytesOf: (name: string) => Promise<Buffer>, name: string): Promise<boolean> {
  const bundle = JSON.parse((await bytesOf(`${name}.sigstore.json`)).toString()) as StoredBundle;
  return (await verifyBlob(bundle, await bytesOf(name), signing.identity(), signing.instance())).verified;
}

/** Bundles that do not count, by what is wrong with them; `data` is what ought to be signed. */
const worthless: [string, (data: Buffer) => Promise<string>][] = [
  ["is no JSON", () => Promise.resolve("not a bundle")],
  ["is empty JSON", () => Promise.resolve("{}")],
  ["signs other bytes", async () => JSON.stringify(await signBlob(Buffer.from("x"), signing.instance()))],
  [
    "is another workflow's",
    async (data) => {
      signing.runAs(evil);
      const bundle = await signBlob(data, signing.instance());
      signing.runAs();
      return JSON.stringify(bundle);
    },
  ],
];

describe("when a signed unit is released", () => {
  it("has a bundle that verifies for each file that Lockstep makes", async () => {
    const unit = await signedUnit();
    await host.create(unit.inputs);
    expect([await unit.names(), await unit.verified()]).toEqual([
      [...assetNames, ...bundleNames].toSorted(),
      [true, true],
    ]);
  });
  it("signs nothing and writes nothing again", async () => {
    const unit = await signedUnit();
    await host.create(unit.inputs);
    const [since, before] = [signing.sandbox.journal.mark(), entries()];
    await host.create(unit.inputs);
    expect([signing.sandbox.journal.writes(since), entries()]).toEqual([[], before]);
  });
  it("is public only after both bundles are there", async () => {
    const unit = await signedUnit();
    const since = signing.sandbox.journal.mark();
    await host.create(unit.inputs);
    const writes = signing.sandbox.journal.writes(since, { door: "github" });
    const published = writes.find(({ method }) => method === "PATCH");
    const uploads = writes.filter(({ path }) => path.includes(".sigstore.json"));
    expect(uploads.length).toBe(2);
    expect(published?.begin).toBeGreaterThan(Math.max(...uploads.map(({ end }) => end)));
  });
  it("has no bundles where the unit is not signed", async () => {
    const unit = await signedUnit();
    await host.create({ ...unit.inputs, signing: "off" });
    expect(await unit.names()).toEqual(assetNames);
  });
});

describe("when a draft of ours was left", () => {
  it("keeps a bundle that verifies", async () => {
    const unit = await signedUnit();
    const { outs } = await host.create(unit.inputs);
    await unit.api.patch(`${unit.path}/${String(outs["releaseId"])}`, { draft: true });
    const before = entries();
    await host.create(unit.inputs);
    expect([entries(), await unit.verified()]).toEqual([before, [true, true]]);
  });
  it.each(worthless.slice(-2))("gets a new bundle where the one there %s", async (_, bundle) => {
    const unit = await signedUnit();
    await unit.draft(mark());
    await unit.put("lockstep.release.json.sigstore.json", await bundle(Buffer.from("?")));
    await host.create(unit.inputs);
    expect([await unit.names(), await unit.verified()]).toEqual([
      [...assetNames, ...bundleNames].toSorted(),
      [true, true],
    ]);
  });
  it("loses a bundle of a file that is not signed by itself", async () => {
    const unit = await signedUnit();
    await unit.draft(mark());
    await unit.put("app.txt.sigstore.json", "{}");
    await host.create(unit.inputs);
    expect(await unit.names()).not.toContain("app.txt.sigstore.json");
  });
});

describe("when a person has changed a published Release", () => {
  let unit: Unit;
  let outs: Record<string, unknown>;
  // One for all: each test plants what it is about, and those that leave it so come last.
  beforeAll(async () => {
    signing.runAs();
    unit = await signedUnit();
    ({ outs } = await host.create(unit.inputs));
  });
  const whole = async (): Promise<unknown[]> => [await unit.names(), await unit.verified()];
  const expected = [[...assetNames, ...bundleNames].toSorted(), [true, true]];

  it.each(bundleNames)("shows that %s was deleted, and has it again, signing no more than that", async (name) => {
    await unit.remove(name);
    expect((await host.read(outs)).inputs?.["complete"]).toBe(false);
    const before = entries();
    await host.update(outs, unit.inputs);
    expect([...(await whole()), entries()]).toEqual([...expected, before + 1]);
  });
  it.each(worthless)("has a good bundle again where the one there %s", async (_, bundle) => {
    await unit.remove("checksums.txt.sigstore.json");
    await unit.put("checksums.txt.sigstore.json", await bundle(await unit.bytesOf("checksums.txt")));
    expect((await host.read(outs)).inputs?.["complete"]).toBe(false);
    await host.update(outs, unit.inputs);
    expect(await whole()).toEqual(expected);
  });
  it("keeps strange bundles, and does not mind them", async () => {
    await unit.put("app.txt.sigstore.json", "{}");
    await unit.put("thanks.txt.sigstore.json", "not a bundle");
    const since = signing.sandbox.journal.mark();
    await host.update(outs, unit.inputs);
    expect(signing.sandbox.journal.writes(since)).toEqual([]);
    expect((await host.read(outs)).inputs?.["complete"]).toBe(true);
  });
  it("is not touched by a run that is not who is expected", async () => {
    await unit.remove("checksums.txt.sigstore.json");
    await unit.put("checksums.txt.sigstore.json", "{}");
    signing.runAs(evil);
    const since = signing.sandbox.journal.mark();
    expect((await releaseErrorOf(host.update(outs, unit.inputs))).code).toBe("SIGNING_FAILED");
    expect(signing.sandbox.journal.writes(since, { door: "github" })).toEqual([]);
  });
  it("keeps what is there where signing is down", async () => {
    await unit.remove("checksums.txt.sigstore.json");
    await unit.put("checksums.txt.sigstore.json", "{}");
    const act = { status: 503, body: { message: "closed for repairs" } };
    signing.sandbox.faults.add({
      door: "sigstore",
      method: "POST",
      path: /signingCert/,
      when: "before",
      times: 99,
      act,
    });
    const since = signing.sandbox.journal.mark();
    expect((await releaseErrorOf(host.update(outs, unit.inputs))).parts.reason).toContain("closed for repairs");
    expect(signing.sandbox.journal.writes(since, { door: "github" })).toEqual([]);
  });
});

describe("when this run cannot sign", () => {
  it("leaves a draft that nobody sees, without bundles, under another workflow", async () => {
    const unit = await signedUnit();
    signing.runAs(evil);
    const error = await releaseErrorOf(host.create(unit.inputs));
    expect([error.code, error.parts.reason]).toEqual(["SIGNING_FAILED", expect.stringContaining("evil/widgets")]);
    expect([await unit.publicReleases(), await unit.names()]).toEqual([[], assetNames]);
  });
  it("leaves a draft that nobody sees without a token, and is completed with one", async () => {
    const unit = await signedUnit();
    vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await releaseErrorOf(host.create(unit.inputs))).code).toBe("SIGNING_FAILED");
    expect(await unit.publicReleases()).toEqual([]);
    vi.unstubAllEnvs();
    await host.create(unit.inputs);
    expect(await unit.verified()).toEqual([true, true]);
  });
});

describe("when the answer to a bundle's upload is lost", () => {
  it.each(["before", "after"] as const)("is released all the same: %s the effect", async (when) => {
    const unit = await signedUnit();
    const path = /checksums\.txt\.sigstore\.json/;
    signing.sandbox.faults.add({ door: "github", method: "POST", path, when, act: "reset" });
    await host.create(unit.inputs);
    expect([await unit.names(), await unit.verified()]).toEqual([
      [...assetNames, ...bundleNames].toSorted(),
      [true, true],
    ]);
  });
});
