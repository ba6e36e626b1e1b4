import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { signBlob } from "../../../clients/sigstore/blob-signing.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";
import { verifyBlob } from "../../../clients/sigstore/verification.ts";
import { signingSandbox, textFile } from "../../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { mark, releasableUnit, sha256 } from "./releasable-unit.ts";
import type { ReleaseJson } from "./releasable-unit.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const signing = signingSandbox();
const host = engineHost("github-release");
const entries = (): number => signing.sandbox.sigstore.entries();
const signedNames = ["app.txt", "chart.tgz", "checksums.txt", "lockstep.release.json"];
const bundleNames = signedNames.map((name) => `${name}.sigstore.json`);
const wholeNames = [...signedNames, ...bundleNames, "chart.tgz.sig"].toSorted();
const allHold = signedNames.map(() => true);
const evil = "evil/widgets/.github/workflows/release.yml";
type Unit = Awaited<ReturnType<typeof signedUnit>>;

/** A unit that is signed, with a text and a chart for files (and more if a test says so), of which all but the Release is done. */
async function signedUnit(more: readonly string[] = []) {
  const unit = await releasableUnit(signing.world);
  const written = await Promise.all(
    ["chart.tgz", ...more].map(async (name) => {
      const [path, text] = [join(unit.folder, name), name === "chart.tgz" ? "the chart" : name];
      await writeFile(path, text);
      return { name, path, sha256: sha256(text), size: text.length };
    }),
  );
  const assets = [...unit.inputs.assets.filter(({ name }) => name === "app.txt"), ...written];
  const inputs = { ...unit.inputs, assets, signing: signing.identity(), sigstore: signing.instance() };
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
    /** Whether the bare signature is that in the bundle. */
    async agrees(): Promise<boolean> {
      const bundle = JSON.parse((await bytesOf("chart.tgz.sigstore.json")).toString()) as StoredBundle;
      return bundle.messageSignature?.signature === (await bytesOf("chart.tgz.sig")).toString();
    },
    async remove(name: string): Promise<void> {
      const asset = (await only())?.assets.find((each) => each.name === name);
      await unit.api.delete(`${unit.path}/assets/${asset?.id ?? 0}`);
    },
    async put(name: string, text: string): Promise<void> {
      const release = await only();
      if (release === undefined) {
        throw new Error("there is no Release");
      }
      await unit.attach(release, name, text);
    },
  };
}

async function verifies(bytesOf: (name: string) => Promise<Buffer>, name: string): Promise<boolean> {
  const bundle = (await bytesOf(`${name}.sigstore.json`)).toString();
  return (await verifyBlob(bundle, sha256(await bytesOf(name)), signing.identity(), signing.instance())).verified;
}

/** Bundles that do not count, by what is wrong with them; `data` is what ought to be signed. */
const worthless: [string, (data: Buffer) => Promise<string>][] = [
  ["is not JSON", () => Promise.resolve("not a bundle")],
  ["is empty JSON", () => Promise.resolve("{}")],
  ["signs other bytes", async () => JSON.stringify(await signBlob(textFile("x"), signing.instance()))],
  [
    "is another workflow's",
    async (data) => {
      signing.runAs(evil);
      const bundle = await signBlob(textFile(data.toString()), signing.instance());
      signing.runAs();
      return JSON.stringify(bundle);
    },
  ],
];

describe("gitHubReleaseProvider, when a signed unit is released", () => {
  it("has a bundle that verifies for each file", async () => {
    const unit = await signedUnit();
    await host.create(unit.inputs);
    expect([await unit.names(), await unit.verified()]).toEqual([wholeNames, allHold]);
  });
  it("has the bare signature of a .tgz that is in its bundle", async () => {
    const unit = await signedUnit();
    await host.create(unit.inputs);
    expect(await unit.agrees()).toBe(true);
  });
  it("reads each bundle back once, however often the Release is looked at, and no bare signature whose digest GitHub names", async () => {
    const unit = await signedUnit();
    const since = signing.sandbox.journal.mark();
    await host.create(unit.inputs);
    const downloads = signing.sandbox.journal.reads(since, { door: "github", path: /\/releases\/assets\/\d+$/ });
    expect(downloads.map(({ path }) => path)).toHaveLength(bundleNames.length);
    expect(new Set(downloads.map(({ path }) => path)).size).toBe(downloads.length);
  });
  it("has a bundle again, by the same run, that is deleted at the moment of publishing", async () => {
    const unit = await signedUnit();
    const act = () => unit.remove("app.txt.sigstore.json");
    signing.sandbox.faults.add({ door: "github", method: "PATCH", path: /releases/, when: "before", act });
    await host.create(unit.inputs);
    expect([await unit.names(), await unit.verified()]).toEqual([wholeNames, allHold]);
  });
  it("does not name bundles in checksums and record", async () => {
    const unit = await signedUnit();
    await host.create(unit.inputs);
    const texts = await Promise.all(["checksums.txt", "lockstep.release.json"].map((name) => unit.bytesOf(name)));
    expect(texts.map((text) => /sigstore\.json|\.sig\b/.test(text.toString()))).toEqual([false, false]);
  });
  it("signs nothing and writes nothing again", async () => {
    const unit = await signedUnit();
    await host.create(unit.inputs);
    const [since, before] = [signing.sandbox.journal.mark(), entries()];
    await host.create(unit.inputs);
    expect([signing.sandbox.journal.writes(since), entries()]).toEqual([[], before]);
  });
  it("is public only after every bundle is there", async () => {
    const unit = await signedUnit();
    const since = signing.sandbox.journal.mark();
    await host.create(unit.inputs);
    const writes = signing.sandbox.journal.writes(since, { door: "github" });
    const published = writes.find(({ method }) => method === "PATCH");
    const uploads = writes.filter(({ path }) => /\.sig(store\.json)?$/.test(path));
    expect(uploads.length).toBe(bundleNames.length + 1);
    expect(published?.begin).toBeGreaterThan(Math.max(...uploads.map(({ end }) => end)));
  });
  it("has no bundles where the unit is not signed", async () => {
    const unit = await signedUnit();
    await host.create({ ...unit.inputs, signing: "off" });
    expect(await unit.names()).toEqual(signedNames);
  });
});

describe("gitHubReleaseProvider, when a file of a signed unit has no bundle", () => {
  const exempt = (unit: Unit): Unit["inputs"] => ({
    ...unit.inputs,
    assets: unit.inputs.assets.map((asset) => (asset.name === "app.txt" ? { ...asset, signed: false } : asset)),
  });
  const expected = wholeNames.filter((name) => name !== "app.txt.sigstore.json");

  it("signs all others, and says so in the record", async () => {
    const unit = await signedUnit();
    const { outs } = await host.create(exempt(unit));
    expect(await unit.names()).toEqual(expected);
    const { predicate } = JSON.parse((await unit.bytesOf("lockstep.release.json")).toString()) as {
      predicate: { assets: object; unsigned: string[] };
    };
    expect([predicate.unsigned, Object.keys(predicate.assets)]).toEqual([
      ["app.txt"],
      expect.arrayContaining(["app.txt"]),
    ]);
    expect((await host.read({ ...exempt(unit), ...outs })).inputs).toMatchObject(exempt(unit));
  });
  it("removes the bundle that an earlier run attached to the draft", async () => {
    const unit = await signedUnit();
    await unit.draft(mark());
    await unit.put("app.txt.sigstore.json", "{}");
    await host.create(exempt(unit));
    expect(await unit.names()).toEqual(expected);
  });
  it("names nothing in the record if the whole unit is not signed", async () => {
    const unit = await signedUnit();
    await host.create({ ...exempt(unit), signing: "off" });
    expect((await unit.bytesOf("lockstep.release.json")).toString()).not.toContain("unsigned");
  });
});

describe("gitHubReleaseProvider, when a draft of ours was left", () => {
  it("keeps a bundle that verifies", async () => {
    const unit = await signedUnit();
    const { outs } = await host.create(unit.inputs);
    await unit.api.patch(`${unit.path}/${String(outs["releaseId"])}`, { draft: true });
    const before = entries();
    await host.create(unit.inputs);
    expect([entries(), await unit.verified()]).toEqual([before, allHold]);
  });
  it.each(worthless.slice(-2))("gets a new bundle where the one there %s", async (_, bundle) => {
    const unit = await signedUnit();
    await unit.draft(mark());
    await unit.put("lockstep.release.json.sigstore.json", await bundle(Buffer.from("?")));
    await host.create(unit.inputs);
    expect([await unit.names(), await unit.verified()]).toEqual([wholeNames, allHold]);
  });
  it.each(["thanks.txt.sigstore.json", "app.txt.sig", "thanks.tgz.sig"])(
    "loses %s, which belongs to no file",
    async (name) => {
      const unit = await signedUnit();
      await unit.draft(mark());
      await unit.put(name, "{}");
      await host.create(unit.inputs);
      expect(await unit.names()).toEqual(wholeNames);
    },
  );
  it("loses bundles where the unit is not signed any more", async () => {
    const unit = await signedUnit();
    await unit.draft(mark());
    await unit.put("app.txt.sigstore.json", "{}");
    await host.create({ ...unit.inputs, signing: "off" });
    expect(await unit.names()).toEqual(signedNames);
  });
});

describe("gitHubReleaseProvider, when a person has changed a published Release", () => {
  let unit: Unit;
  let outs: Record<string, unknown>;
  // One for all: each test plants what it is about, and those that leave it so come last.
  beforeAll(async () => {
    signing.runAs();
    unit = await signedUnit();
    ({ outs } = await host.create(unit.inputs));
  });
  const whole = async (): Promise<unknown[]> => [await unit.names(), await unit.verified(), await unit.agrees()];
  const expected = [wholeNames, allHold, true];

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
  it.each([
    ["was deleted", undefined],
    ["was replaced", "AAAA"],
  ])("has the bare signature again where it %s, without signing", async (_, text) => {
    await unit.remove("chart.tgz.sig");
    if (text !== undefined) {
      await unit.put("chart.tgz.sig", text);
    }
    expect((await host.read(outs)).inputs?.["complete"]).toBe(false);
    const before = entries();
    await host.update(outs, unit.inputs);
    expect([...(await whole()), entries()]).toEqual([...expected, before]);
  });
  it("does not mind a newline behind the bare signature", async () => {
    const text = (await unit.bytesOf("chart.tgz.sig")).toString();
    await unit.remove("chart.tgz.sig");
    await unit.put("chart.tgz.sig", `${text}\n`);
    expect((await host.read(outs)).inputs?.["complete"]).toBe(true);
    await unit.remove("chart.tgz.sig");
    await unit.put("chart.tgz.sig", text);
  });
  it("keeps strange bundles, and does not mind them", async () => {
    await unit.put("app.txt.sig", "{}");
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

describe("gitHubReleaseProvider, when this run cannot sign", () => {
  it("leaves a draft that nobody sees, without bundles, under another workflow", async () => {
    const unit = await signedUnit();
    signing.runAs(evil);
    const error = await releaseErrorOf(host.create(unit.inputs));
    expect([error.code, error.parts.reason]).toEqual(["SIGNING_FAILED", expect.stringContaining("evil/widgets")]);
    expect([await unit.publicReleases(), await unit.names()]).toEqual([[], signedNames]);
  });
  it("leaves a draft that nobody sees without a token, and is completed with one", async () => {
    const unit = await signedUnit();
    vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await releaseErrorOf(host.create(unit.inputs))).code).toBe("SIGNING_FAILED");
    expect(await unit.publicReleases()).toEqual([]);
    vi.unstubAllEnvs();
    await host.create(unit.inputs);
    expect(await unit.verified()).toEqual(allHold);
  });
});

describe("gitHubReleaseProvider, when the answer to a bundle's upload is lost", () => {
  it.each(["before", "after"] as const)("is released all the same: %s the effect", async (when) => {
    const unit = await signedUnit();
    const path = /checksums\.txt\.sigstore\.json/;
    signing.sandbox.faults.add({ door: "github", method: "POST", path, when, act: "reset" });
    await host.create(unit.inputs);
    expect([await unit.names(), await unit.verified()]).toEqual([wholeNames, allHold]);
  });
});

describe("gitHubReleaseProvider, when a twin attaches a bundle first", () => {
  /** Puts something under a name at the moment when a run is about to. */
  function overtake(unit: Unit, name: string, text: () => Promise<string>): void {
    const act = async () => unit.put(name, await text());
    const path = new RegExp(`name=${name.replaceAll(".", "\\.")}$`);
    signing.sandbox.faults.add({ door: "github", method: "POST", path, when: "before", act });
  }
  const twins = (file: string) => async (): Promise<string> =>
    JSON.stringify(await signBlob(textFile(file), signing.instance()));

  it("takes it where it verifies, and has its bare signature", async () => {
    const unit = await signedUnit();
    let theirs = "";
    overtake(unit, "chart.tgz.sigstore.json", async () => (theirs = await twins("the chart")()));
    await host.create(unit.inputs);
    expect((await unit.bytesOf("chart.tgz.sigstore.json")).toString()).toBe(theirs);
    expect([await unit.names(), await unit.verified(), await unit.agrees()]).toEqual([wholeNames, allHold, true]);
  });
  it("waits for one that is being uploaded to the draft, and has its bare signature", async () => {
    vi.stubEnv("LOCKSTEP_UPLOAD_WAIT_MS", "3600000");
    onTestFinished(() => void vi.unstubAllEnvs());
    const unit = await signedUnit();
    const draft = await unit.draft(mark());
    const theirs = await twins("the chart")();
    const upload = await unit.beginUpload(draft, "chart.tgz.sigstore.json", theirs);
    const reads = { door: "github", method: "GET", path: /\/releases\/\d+$/, when: "before" } as const;
    signing.sandbox.faults.add({ ...reads, act: () => undefined });
    signing.sandbox.faults.add({ ...reads, act: async () => void (await upload.finish()) });
    const since = signing.sandbox.journal.mark();
    await host.create(unit.inputs);
    expect(signing.sandbox.journal.writes(since, { method: "DELETE" })).toEqual([]);
    expect((await unit.bytesOf("chart.tgz.sigstore.json")).toString()).toBe(theirs);
    expect([await unit.names(), await unit.verified(), await unit.agrees()]).toEqual([wholeNames, allHold, true]);
  });
  it.each([
    ["chart.tgz.sigstore.json", "is about other bytes", twins("something else")],
    ["chart.tgz.sig", "is not the signature in the bundle", () => Promise.resolve("AAAA")],
  ])(
    "names %s where it does not count, publishes nothing, and is whole after the next run",
    async (name, why, text) => {
      const unit = await signedUnit();
      overtake(unit, name, text);
      const error = await releaseErrorOf(host.create(unit.inputs));
      expect([error.code, error.parts.reason]).toEqual(["RELEASE_CONFLICT", expect.stringContaining(why)]);
      expect(await unit.publicReleases()).toEqual([]);
      await host.create(unit.inputs);
      expect([await unit.names(), await unit.verified(), await unit.agrees()]).toEqual([wholeNames, allHold, true]);
    },
  );
  it("is whole where two runs mend a published Release together", async () => {
    const unit = await signedUnit();
    const { outs } = await host.create(unit.inputs);
    await unit.remove("chart.tgz.sigstore.json");
    const waiting: (() => void)[] = [];
    const act = () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) {
          for (const go of waiting) {
            go();
          }
        }
      });
    const path = /name=chart\.tgz\.sigstore/;
    signing.sandbox.faults.add({ door: "github", method: "POST", path, when: "before", times: 2, act });
    const runs = await Promise.allSettled([host.update(outs, unit.inputs), host.update(outs, unit.inputs)]);
    expect([runs.some(({ status }) => status === "fulfilled"), await unit.names(), await unit.verified()]).toEqual([
      true,
      wholeNames,
      allHold,
    ]);
    await host.update(outs, unit.inputs);
    expect(await unit.agrees()).toBe(true);
  });
});

describe("gitHubReleaseProvider, when many files are signed", () => {
  it("signs four files at once at most, and attaches one after another", async () => {
    const more = ["1.txt", "2.txt", "3.txt", "4.txt"];
    const unit = await signedUnit(more);
    const since = signing.sandbox.journal.mark();
    await host.create(unit.inputs);
    const overlap = (times: { begin: number; end: number }[]): number =>
      Math.max(...times.map(({ begin }) => times.filter((other) => other.begin <= begin && begin < other.end).length));
    const asked = signing.sandbox.journal.since(since, { door: "sigstore", path: /log\/entries/ });
    const uploads = signing.sandbox.journal
      .writes(since, { door: "github" })
      .filter(({ path }) => /\.sig(store\.json)?$/.test(path));
    expect([asked.length, overlap(asked) <= 4, overlap(uploads)]).toEqual([signedNames.length + more.length, true, 1]);
  });
});
