import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { mark, releasableUnit, sha256, whole, wholeOutcome } from "./releasable-unit.ts";
import type { ReleaseJson } from "./releasable-unit.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("github-release");

/** A unit whose Release is published, and how a person changes it. */
async function published() {
  const unit = await releasableUnit(world);
  const { outs } = await host.create(unit.inputs);
  const now = async (): Promise<ReleaseJson> =>
    (await unit.api.get(`${unit.path}/${String(outs["releaseId"])}`)).body as unknown as ReleaseJson;
  return {
    unit,
    outs,
    now,
    edit: (changes: object) => unit.api.patch(`${unit.path}/${String(outs["releaseId"])}`, changes),
    async remove(name: string): Promise<void> {
      const asset = (await now()).assets.find((each) => each.name === name);
      await unit.api.delete(`${unit.path}/assets/${asset?.id ?? 0}`);
    },
  };
}
type Published = Awaited<ReturnType<typeof published>>;

const writes = (since: number) => world.sandbox.journal.writes(since, { door: "github" });
const edited = async ({ edit, now }: Published, change: (body: string) => string): Promise<void> => {
  await edit({ body: change((await now()).body) });
};
async function replace({ unit, now, remove }: Published, name: string, text: string): Promise<void> {
  await remove(name);
  await unit.attach(await now(), name, text);
}

describe("gitHubReleaseProvider, when a published Release is as it should be", () => {
  it("is taken without a write", async () => {
    const { unit } = await published();
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    expect(writes(since)).toEqual([]);
  });
  it("is updated without a write", async () => {
    const { unit, outs } = await published();
    const since = world.sandbox.journal.mark();
    await host.update(outs, unit.inputs);
    expect(writes(since)).toEqual([]);
  });
});

describe("gitHubReleaseProvider, when GitHub's list lags and still shows the published Release as a draft", () => {
  it("is not removed as a leftover", async () => {
    const { unit, outs, now } = await published();
    const release = await now();
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: new RegExp(`${unit.path}\\?`),
      when: "before",
      act: { status: 200, body: [{ ...release, draft: true }] },
    });
    const since = world.sandbox.journal.mark();
    await host.update(outs, unit.inputs);
    expect(world.sandbox.faults.waiting).toBe(0);
    expect(writes(since)).toEqual([]);
    expect((await now()).draft).toBe(false);
  });
});

describe("gitHubReleaseProvider, when a run that was cut off left a draft beside the published Release", () => {
  it("finds a difference, and removes the draft", async () => {
    const { unit, outs } = await published();
    await unit.draft(mark());
    expect((await host.read(outs)).inputs?.["complete"]).toBe(false);
    await host.update(outs, unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
    expect((await host.read(outs)).inputs?.["complete"]).toBe(true);
  });

  it("leaves the draft of a person, and finds no difference", async () => {
    const { unit, outs } = await published();
    await unit.draft("Notes by hand");
    expect((await host.read(outs)).inputs?.["complete"]).toBe(true);
    await host.update(outs, unit.inputs);
    expect(whole(await unit.releases()).drafts).toBe(1);
  });
});

describe("gitHubReleaseProvider, when a person has changed a published Release", () => {
  it.each(["app.txt", "install.yaml", "checksums.txt", "lockstep.release.json"])(
    "has %s again where it was deleted",
    async (name) => {
      const { unit, outs, remove } = await published();
      await remove(name);
      await host.update(outs, unit.inputs);
      expect(whole(await unit.releases())).toEqual(wholeOutcome);
    },
  );
  it("has an asset again whose upload by hand broke off", async () => {
    const { unit, outs, remove, now } = await published();
    await remove("app.txt");
    world.sandbox.github.breakUpload({ name: /^app\.txt$/ });
    await unit.attach(await now(), "app.txt", "the app\n");
    await host.update(outs, unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
  it("is an error with both sums where an asset has other bytes", async () => {
    const all = await published();
    await replace(all, "app.txt", "worse\n");
    const error = await releaseErrorOf(host.update(all.outs, all.unit.inputs));
    expect([
      error.code,
      error.message.includes(sha256("worse\n")),
      error.message.includes(sha256("the app\n")),
    ]).toEqual(["ASSET_CONFLICT", true, true]);
  });
  it("keeps an asset that has other bytes", async () => {
    const all = await published();
    await replace(all, "app.txt", "worse\n");
    const since = world.sandbox.journal.mark();
    await releaseErrorOf(host.update(all.outs, all.unit.inputs));
    expect(writes(since)).toEqual([]);
  });
  it("keeps what people have attached", async () => {
    const { unit, outs, now } = await published();
    await unit.attach(await now(), "thanks.txt", "to all\n");
    await host.update(outs, unit.inputs);
    expect((await now()).assets.map(({ name }) => name)).toContain("thanks.txt");
  });
  it("has our notes again", async () => {
    const all = await published();
    const before = (await all.now()).body;
    await edited(all, (body) => body.replace("everything", "nothing"));
    await host.update(all.outs, all.unit.inputs);
    expect((await all.now()).body).toBe(before);
  });
  it("gets the notes of a Lockstep that words them otherwise, in one write, and has no difference then", async () => {
    const all = await published();
    const inputs = { ...all.unit.inputs, notes: "Worded anew: {{digest:app}}" };
    const since = world.sandbox.journal.mark();
    await host.update(all.outs, inputs);
    expect(writes(since).map(({ method }) => method)).toEqual(["PATCH"]);
    expect((await all.now()).body).toContain(`Worded anew: ${inputs.artifacts["app"]?.digest}\n`);
    expect((await host.read({ ...all.outs, ...inputs })).inputs).toEqual({ kind: "github-release", ...inputs });
  });
  it("keeps the text before and after our marks", async () => {
    const all = await published();
    const before = (await all.now()).body;
    await edited(all, (body) => `Read this first!\n\n${body.replace("everything", "nothing")}\n\nThanks to Ada.`);
    await host.update(all.outs, all.unit.inputs);
    expect((await all.now()).body).toBe(`Read this first!\n\n${before}\n\nThanks to Ada.`);
  });
  it("is not written where only the text outside of our marks differs", async () => {
    const all = await published();
    await edited(all, (body) => `${body}\n\nThanks to Ada.`);
    const since = world.sandbox.journal.mark();
    await host.update(all.outs, all.unit.inputs);
    expect(writes(since)).toEqual([]);
  });
  it("keeps the title", async () => {
    const all = await published();
    await all.edit({ name: "The big one" });
    await edited(all, (body) => body.replace("everything", "nothing"));
    await host.update(all.outs, all.unit.inputs);
    expect((await all.now()).name).toBe("The big one");
  });
  it("is no pre-release again", async () => {
    const { unit, outs, edit, now } = await published();
    await edit({ prerelease: true });
    await host.update(outs, unit.inputs);
    expect((await now()).prerelease).toBe(false);
  });
  it("is the latest again after it was marked a pre-release", async () => {
    const { unit, outs, edit } = await published();
    await edit({ prerelease: true });
    await host.update(outs, unit.inputs);
    expect(await unit.latest()).toBe("v1.2.0");
  });
  it("is published again where it was made a draft", async () => {
    const { unit, outs, edit } = await published();
    await edit({ draft: true });
    await host.update(outs, unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
  it("is made again where it was deleted", async () => {
    const { unit, outs } = await published();
    await unit.api.delete(`${unit.path}/${String(outs["releaseId"])}`);
    await host.create(unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
});

describe("gitHubReleaseProvider, when a run was cut off after a twin had published", () => {
  it("loses the draft of ours that was left", async () => {
    const { unit, outs } = await published();
    await unit.draft(mark());
    await host.update(outs, unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
  it("keeps a person's draft", async () => {
    const { unit, outs } = await published();
    await unit.draft("The next one");
    await host.update(outs, unit.inputs);
    expect(whole(await unit.releases())).toEqual({ ...wholeOutcome, drafts: 1 });
  });
});

describe("gitHubReleaseProvider, when the published Release is someone else's", () => {
  it.each([
    ["a person's", "Hand-made"],
    ["another version's", "<!-- lockstep:begin app@1.1.0 -->"],
  ])("is refused: %s", async (_, body) => {
    const unit = await releasableUnit(world);
    await unit.draft(body, { draft: false });
    expect((await releaseErrorOf(host.create(unit.inputs))).code).toBe("RELEASE_CONFLICT");
  });
  it("is not touched", async () => {
    const unit = await releasableUnit(world);
    const release = await unit.draft("Hand-made", { draft: false });
    await releaseErrorOf(host.create(unit.inputs));
    expect(await unit.releases()).toEqual([release]);
  });
});

describe("gitHubReleaseProvider, when a published Release is read", () => {
  const found = async ({ outs }: Published) => (await host.read(outs)).inputs ?? {};
  it("is unchanged where the Release is", async () => {
    const all = await published();
    expect(await host.read(all.outs)).toEqual({
      id: "id",
      props: all.outs,
      inputs: { kind: "github-release", ...all.unit.inputs },
    });
  });
  it("writes nothing", async () => {
    const all = await published();
    const since = world.sandbox.journal.mark();
    await host.read(all.outs);
    expect(world.sandbox.journal.writes(since)).toEqual([]);
  });
  const drifts: [string, (all: Published) => Promise<unknown>, (all: Published) => object][] = [
    ["a missing file", (all) => all.remove("app.txt"), ({ unit }) => ({ assets: unit.inputs.assets.slice(1) })],
    [
      "a file with other bytes",
      (all) => replace(all, "app.txt", "worse\n"),
      ({ unit }) => ({
        assets: unit.inputs.assets.map((asset) =>
          asset.name === "app.txt" ? { ...asset, sha256: sha256("worse\n") } : asset,
        ),
      }),
    ],
    ["missing checksums", (all) => all.remove("checksums.txt"), () => ({ complete: false })],
    ["a missing record", (all) => all.remove("lockstep.release.json"), () => ({ complete: false })],
    ["a changed record", (all) => replace(all, "lockstep.release.json", "{}"), () => ({ complete: false })],
    [
      "changed notes",
      (all) => edited(all, () => `${mark()}\nLess.\n<!-- lockstep:end -->`),
      () => ({ notes: "Less." }),
    ],
    ["a pre-release mark", (all) => all.edit({ prerelease: true }), () => ({ prerelease: true, latest: false })],
    ["a draft", (all) => all.edit({ draft: true }), () => ({ complete: false })],
    ["another title", (all) => all.edit({ name: "The big one" }), () => ({})],
    ["text after our marks", (all) => edited(all, (body) => `${body}\n\nThanks.`), () => ({})],
  ];
  it.each(drifts)("shows %s, and nothing else", async (_, change, difference) => {
    const all = await published();
    await change(all);
    expect(await found(all)).toEqual({ kind: "github-release", ...all.unit.inputs, ...difference(all) });
  });
  it("shows that another Release of the repository was made the latest", async () => {
    const all = await published();
    await all.unit.draft("by hand", { tag_name: "other", draft: false, make_latest: "true" });
    expect(await found(all)).toEqual({ kind: "github-release", ...all.unit.inputs, latest: false });
  });
  it("is gone where it was deleted", async () => {
    const all = await published();
    await all.unit.api.delete(`${all.unit.path}/${String(all.outs["releaseId"])}`);
    expect(await host.read(all.outs)).toEqual({});
  });
  it("is gone where only a person's draft is left", async () => {
    const all = await published();
    await all.unit.api.delete(`${all.unit.path}/${String(all.outs["releaseId"])}`);
    await all.unit.draft("My own words");
    expect(await host.read(all.outs)).toEqual({});
  });
  it.each([401, 403, 500])("fails and keeps the state where GitHub says %i", async (status) => {
    const all = await published();
    const act = { status, body: { message: "no" } };
    world.sandbox.faults.add({ door: "github", method: "GET", path: /releases/, when: "before", times: Infinity, act });
    expect((await releaseErrorOf(host.read(all.outs))).message).toContain(`status ${status}`);
  });
});

describe("gitHubReleaseProvider, when the files of a published version are changed", () => {
  it("is an error, and what is published stays", async () => {
    const { unit, outs } = await published();
    const text = "the APP\n";
    await writeFile(join(unit.folder, "app.txt"), text);
    const [app, ...others] = unit.inputs.assets;
    const assets = [{ ...app, sha256: sha256(text), size: text.length }, ...others];
    const since = world.sandbox.journal.mark();
    const error = await releaseErrorOf(host.update(outs, { ...unit.inputs, assets }));
    expect([error.code, writes(since)]).toEqual(["ASSET_CONFLICT", []]);
  });
  it("is an error before anything is attached where a file comes first", async () => {
    const { unit, outs } = await published();
    await writeFile(join(unit.folder, "a-new.txt"), "new\n");
    const extra = { name: "a-new.txt", path: join(unit.folder, "a-new.txt"), sha256: sha256("new\n"), size: 4 };
    const since = world.sandbox.journal.mark();
    const error = await releaseErrorOf(host.update(outs, { ...unit.inputs, assets: [extra, ...unit.inputs.assets] }));
    expect([error.code, writes(since)]).toEqual(["ASSET_CONFLICT", []]);
  });
});
