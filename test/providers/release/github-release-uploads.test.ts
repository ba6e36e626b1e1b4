import { describe, expect, it, onTestFinished, vi } from "vitest";
import { findRelease } from "../../../clients/github/release/releases.ts";
import type { Release } from "../../../clients/github/release/releases.ts";
import { silent } from "../../../providers/host/progress.ts";
import { syncAssets } from "../../../providers/release/release-assets.ts";
import { beginWork } from "../../../providers/release/release-work.ts";
import type { Answer } from "../../../sandbox/door/answer.ts";
import type { Fault } from "../../../sandbox/door/faults.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";
import { mark, releasableUnit, whole, wholeOutcome } from "./releasable-unit.ts";
import type { BegunUpload, ReleasableUnit, ReleaseJson } from "./releasable-unit.ts";

const world = connectedSandbox();
const host = engineHost("github-release");
const fresh = () => releasableUnit(world);

const arm = (method: string, path: RegExp, when: Fault["when"], act: Fault["act"], times = 1): void => {
  world.sandbox.faults.add({ door: "github", method, path, when, act, times });
};
const readsRelease = /\/releases\/\d+$/;
const deletions = (since: number) => world.sandbox.journal.writes(since, { method: "DELETE" });

/** How old an unfinished upload must be, in milliseconds; the sandbox's default in these tests is 0. */
function waitForUploads(milliseconds: number): void {
  vi.stubEnv("LOCKSTEP_UPLOAD_WAIT_MS", String(milliseconds));
  onTestFinished(() => void vi.unstubAllEnvs());
}
const anHour = 3_600_000;

/** Changes the assets in the answers to lists of assets. */
function changeAssets(change: (asset: Record<string, unknown>) => object): void {
  const act = (answer: Answer): Answer => {
    const body = JSON.stringify((JSON.parse(String(answer.body)) as Record<string, unknown>[]).map(change));
    return { ...answer, body, headers: { ...answer.headers, "content-length": String(Buffer.byteLength(body)) } };
  };
  arm("GET", /\/assets\?/, "after", { change: act }, Infinity);
}

/** A draft of ours on which another run is uploading a file. */
async function uploading(name: string, text: string) {
  const unit = await fresh();
  const draft = await unit.draft(mark());
  return { unit, draft, upload: await unit.beginUpload(draft, name, text) };
}

describe("gitHubReleaseProvider, when another run is uploading a file to our draft", () => {
  it("waits until the file is there, and keeps it", async () => {
    waitForUploads(anHour);
    const { unit, upload } = await uploading("app.txt", "the app\n");
    const since = world.sandbox.journal.mark();
    arm("GET", readsRelease, "before", () => undefined);
    arm("GET", readsRelease, "before", async () => void (await upload.finish()));
    await host.create(unit.inputs);
    expect([deletions(since), whole(await unit.publicReleases())]).toEqual([[], wholeOutcome]);
    expect((await unit.releases())[0]?.assets.find(({ name }) => name === "app.txt")?.id).toBe(upload.id);
    expect(world.sandbox.journal.writes(since, { path: /name=app\.txt/ })).toEqual([]);
  });
  it("says what it waits for, and how long at most", async () => {
    waitForUploads(anHour - 10_000);
    const { unit, draft, upload } = await uploading("app.txt", "the app\n");
    const lines: string[] = [];
    const before = await findRelease({ owner: unit.repository.owner, repo: unit.repository.repo }, draft.id);
    arm("GET", readsRelease, "before", () => undefined);
    arm("GET", readsRelease, "before", async () => void (await upload.finish()));
    const progress = { ...silent, at: (line: string) => lines.push(line), done: (line: string) => lines.push(line) };
    await syncAssets(beginWork(unit.inputs, progress), before as Release);
    expect(lines[0]).toBe("app.txt: another run is uploading it, or has left it unfinished; waiting");
    expect(lines[1]).toMatch(/^app\.txt: waiting for another run's upload, at most 35\d\d s$/);
  });
  it("uploads the file itself if the other upload is gone", async () => {
    waitForUploads(anHour);
    const { unit, upload } = await uploading("app.txt", "the app\n");
    arm("GET", readsRelease, "before", () => undefined);
    arm("GET", readsRelease, "before", async () => void (await unit.api.delete(`${unit.path}/assets/${upload.id}`)));
    await host.create(unit.inputs);
    expect(whole(await unit.publicReleases())).toEqual(wholeOutcome);
    expect(await upload.finish()).toBe(404);
  });
  it("ends well if the other run publishes the draft while this one waits", async () => {
    waitForUploads(anHour);
    const { unit, upload } = await uploading("app.txt", "the app\n");
    const since = world.sandbox.journal.mark();
    arm("GET", readsRelease, "before", () => undefined);
    arm("GET", readsRelease, "before", async () => {
      await upload.finish();
      await host.create(unit.inputs);
    });
    await host.create(unit.inputs);
    expect([deletions(since), whole(await unit.publicReleases())]).toEqual([[], wholeOutcome]);
  });
  it("is an error, and nothing is published, if the file has other bytes", async () => {
    waitForUploads(anHour);
    const { unit, upload } = await uploading("app.txt", "another\n");
    arm("GET", readsRelease, "before", async () => void (await upload.finish()));
    expect((await releaseErrorOf(host.create(unit.inputs))).code).toBe("ASSET_CONFLICT");
    expect(await unit.publicReleases()).toEqual([]);
  });
});

describe("gitHubReleaseProvider, when an unfinished upload is old", () => {
  const old: [string, () => void][] = [
    ["by its own time", () => changeAssets((asset) => ({ ...asset, updated_at: "2020-01-01T00:00:00Z" }))],
    [
      "by GitHub's clock, whatever ours says",
      () => {
        const date = new Date(Date.now() + 2 * anHour).toUTCString();
        const change = (answer: Answer): Answer => ({ ...answer, headers: { ...answer.headers, date } });
        arm("GET", readsRelease, "after", { change }, Infinity);
      },
    ],
    ["by a time that cannot be read", () => changeAssets((asset) => ({ ...asset, updated_at: "yesterday" }))],
  ];
  it.each(old)("replaces it without waiting: %s", async (_, act) => {
    waitForUploads(anHour);
    const { unit, upload } = await uploading("app.txt", "the app\n");
    act();
    await host.create(unit.inputs);
    expect(whole(await unit.publicReleases())).toEqual(wholeOutcome);
    expect(await upload.finish()).toBe(404);
  });
  it("replaces it after that time, though GitHub says that it is new", async () => {
    waitForUploads(200);
    const { unit, upload } = await uploading("app.txt", "the app\n");
    changeAssets((asset) => ({ ...asset, updated_at: "2120-01-01T00:00:00Z" }));
    await host.create(unit.inputs);
    expect(whole(await unit.publicReleases())).toEqual(wholeOutcome);
    expect(await upload.finish()).toBe(404);
  });
});

describe("gitHubReleaseProvider, when its own upload fails", () => {
  it("does not wait for what that left", async () => {
    waitForUploads(anHour);
    const unit = await fresh();
    world.sandbox.github.breakUpload({ name: /^install\.yaml$/, times: 2 });
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    expect([deletions(since).length, whole(await unit.publicReleases())]).toEqual([2, wholeOutcome]);
  });
  it("waits for what another run has begun since", async () => {
    waitForUploads(anHour);
    const unit = await fresh();
    const draft = await unit.draft(mark());
    let upload: BegunUpload | undefined;
    // This run's upload never arrives; the other one's begins a minute later.
    arm("POST", /name=app\.txt/, "before", { status: 502, body: { message: "Bad Gateway" } });
    changeAssets((asset) => ({ ...asset, updated_at: new Date(Date.now() + 60_000).toISOString() }));
    arm("GET", readsRelease, "before", async () => {
      upload = await unit.beginUpload(draft, "app.txt", "the app\n");
    });
    arm("GET", readsRelease, "before", () => undefined);
    arm("GET", readsRelease, "before", async () => void (await upload?.finish()));
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    expect([deletions(since), whole(await unit.publicReleases())]).toEqual([[], wholeOutcome]);
  });
  it("tries that upload again, and nothing before it", async () => {
    const unit = await fresh();
    world.sandbox.github.breakUpload({ name: /^install\.yaml$/ });
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    const uploads = world.sandbox.journal.writes(since, { path: /name=/ }).map(({ path }) => path.split("name=")[1]);
    expect(uploads).toEqual(["app.txt", "install.yaml", "install.yaml", "checksums.txt", "lockstep.release.json"]);
  });
});

describe("gitHubReleaseProvider, when another run publishes the draft in the middle of this one", () => {
  it("deletes nothing by its old list, so that the Release is whole at every moment", async () => {
    // This run lists install.yaml as unfinished and old. While it attaches app.txt, the other run completes install.yaml and publishes.
    const { unit, upload } = await uploading("install.yaml", "kind: Namespace\n");
    const since = world.sandbox.journal.mark();
    arm("POST", /name=app\.txt/, "before", async () => {
      await upload.finish();
      await host.create(unit.inputs);
    });
    await host.create(unit.inputs);
    expect([deletions(since), whole(await unit.releases())]).toEqual([[], wholeOutcome]);
    expect((await unit.releases())[0]?.assets.map(({ id }) => id)).toContain(upload.id);
  });
  it("ends well if what it uploads is refused, because the Release is immutable now", async () => {
    const unit = await fresh();
    world.sandbox.github.settings.repository(unit.repository.fullName).immutableReleases = true;
    arm("POST", /name=install\.yaml/, "before", async () => void (await host.create(unit.inputs)));
    await host.create(unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
});

describe("gitHubReleaseProvider, when GitHub says that what it uploads to is gone", () => {
  it("uploads again if the draft is still there", async () => {
    const unit = await fresh();
    arm("POST", /name=app\.txt/, "before", { status: 404, body: { message: "Not Found" } });
    await host.create(unit.inputs);
    expect(whole(await unit.publicReleases())).toEqual(wholeOutcome);
  });
  it("keeps what is there if the answer was wrong", async () => {
    const unit = await fresh();
    const change = (): Answer => ({ status: 404, body: JSON.stringify({ message: "Not Found" }) });
    arm("POST", /name=app\.txt/, "after", { change });
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    expect([deletions(since), whole(await unit.publicReleases())]).toEqual([[], wholeOutcome]);
  });
  it("makes another draft if someone deleted this one", async () => {
    const unit = await fresh();
    const act = async () => {
      const [draft] = await unit.releases();
      await unit.api.delete(`${unit.path}/${draft?.id ?? 0}`);
    };
    arm("POST", /name=install\.yaml/, "before", act);
    await host.create(unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
  it("makes another draft, though a late list still shows the deleted one", async () => {
    const unit = await fresh();
    let gone: ReleaseJson | undefined;
    const act = async () => {
      [gone] = await unit.releases();
      await unit.api.delete(`${unit.path}/${gone?.id ?? 0}`);
    };
    arm("POST", /name=install\.yaml/, "before", act);
    const change = (answer: Answer): Answer => {
      const body = JSON.stringify([...(JSON.parse(String(answer.body)) as object[]), ...(gone ? [gone] : [])]);
      return { ...answer, body, headers: { ...answer.headers, "content-length": String(Buffer.byteLength(body)) } };
    };
    arm("GET", /\/releases\?/, "after", { change }, Infinity);
    await host.create(unit.inputs);
    world.sandbox.faults.clear();
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
});

describe("gitHubReleaseProvider, when a person does something to the draft in the middle of the run", () => {
  const atLastUpload = (unit: ReleasableUnit, act: (draft: ReleaseJson) => Promise<unknown>): void =>
    arm("POST", /name=lockstep/, "after", async () => {
      const [draft] = await unit.releases();
      if (draft) {
        await act(draft);
      }
    });
  it("removes nothing from it any more once it is published", async () => {
    const unit = await fresh();
    const draft = await unit.draft(mark());
    await unit.attach(draft, "thanks.txt", "to all\n");
    atLastUpload(unit, ({ id }) => unit.api.patch(`${unit.path}/${id}`, { draft: false }));
    const since = world.sandbox.journal.mark();
    const { outs } = await host.create(unit.inputs);
    expect([deletions(since), outs["releaseId"]]).toEqual([[], draft.id]);
    expect(whole(await unit.publicReleases()).assets).toContain("thanks.txt");
  });
  it("is an error, and leaves it, once it has another text without our mark", async () => {
    const unit = await fresh();
    atLastUpload(unit, ({ id }) => unit.api.patch(`${unit.path}/${id}`, { body: "My own words" }));
    expect((await releaseErrorOf(host.create(unit.inputs))).code).toBe("DRAFT_FOREIGN");
    expect((await unit.releases()).map(({ draft, body }) => [draft, body])).toEqual([[true, "My own words"]]);
  });
  it("keeps what was written beside our part of the text meanwhile", async () => {
    const unit = await fresh();
    atLastUpload(unit, ({ id, body }) => unit.api.patch(`${unit.path}/${id}`, { body: `Read this!\n\n${body}` }));
    await host.create(unit.inputs);
    expect((await unit.publicReleases())[0]?.body).toMatch(/^Read this!\n\n<!-- lockstep:begin/);
  });
});
