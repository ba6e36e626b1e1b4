import { describe, expect, it } from "vitest";
import { observeUnit } from "../../../observe/published/unit.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { engineHost } from "../../providers/host/engine-host.ts";
import { mark, releasableUnit } from "../../providers/release/releasable-unit.ts";
import type { ReleasableUnit } from "../../providers/release/releasable-unit.ts";
import { releaseErrorOf } from "../../providers/release-error-of.ts";
import { registryClient } from "../../sandbox/registry-client.ts";

const world = connectedSandbox({ allowDelete: true });
const fresh = () => releasableUnit(world);
const publish = ({ inputs }: ReleasableUnit) => engineHost("github-release").create(inputs);

const image = ({ inputs }: ReleasableUnit): string => inputs.artifacts["app"]?.repository ?? "";
const unsigned = { signing: "off", sigstore: {} } as const;
const look = (unit: ReleasableUnit, version = "1.2.0") =>
  observeUnit({
    repository: unit.repository.fullName,
    tag: `v${version}`,
    artifacts: [{ name: "app", ociRepository: image(unit), tag: version }],
    ...unsigned,
  });

/** Deletes the version tag, or the manifest with all its tags, as people and clean-ups do. */
async function lose(unit: ReleasableUnit, reference: string): Promise<void> {
  const name = image(unit).split("/").slice(1).join("/");
  const client = registryClient(world.sandbox);
  const token = await client.bearer([`repository:${name}:pull,push`]);
  await client.send("DELETE", `/v2/${name}/manifests/${reference}`, token);
}

describe("observeUnit, when nothing of a version is there", () => {
  it("is found empty", async () => {
    const unit = await fresh();
    expect(await look(unit, "3.0.0")).toEqual({
      artifacts: { app: undefined },
      gitTagCommit: undefined,
      release: undefined,
      drafts: [],
      untagged: {},
      proofs: {},
    });
  });
  it("is found empty where even the image's repository is not there", async () => {
    const { repository } = await fresh();
    const artifacts = [{ name: "app", ociRepository: world.image().repository, tag: "1.2.0" }];
    expect(
      (await observeUnit({ repository: repository.fullName, tag: "v3", artifacts, ...unsigned })).artifacts,
    ).toEqual({
      app: undefined,
    });
  });
});

describe("observeUnit, when parts of a version are there", () => {
  it("has the digest under the version tag", async () => {
    const unit = await fresh();
    expect((await look(unit)).artifacts["app"]).toEqual({
      digest: unit.inputs.artifacts["app"]?.digest,
      annotations: {},
      children: [],
    });
  });
  it("has the annotations of an index, and its platforms", async () => {
    const unit = await fresh();
    const manifests = [{ platform: "linux/amd64", digest: unit.inputs.artifacts["app"]?.digest }];
    const annotations = { "org.opencontainers.image.version": "1.3.0" };
    const { outs } = await engineHost("image-index").create({ repository: image(unit), manifests, annotations });
    await engineHost("oci-tag").create({ repository: image(unit), tag: "1.3.0", digest: outs["digest"] });
    expect((await look(unit, "1.3.0")).artifacts["app"]).toEqual({
      digest: outs["digest"],
      annotations,
      children: manifests,
    });
  });
  it("has the commit of the git tag", async () => {
    const unit = await fresh();
    expect((await look(unit)).gitTagCommit).toBe(unit.inputs.revision);
  });
  it("has a draft of ours with its owner", async () => {
    const unit = await fresh();
    await unit.draft(mark());
    expect((await look(unit)).drafts).toMatchObject([
      { owner: "app@1.2.0", title: "by hand", author: "maintainer", record: undefined },
    ]);
  });
  it("has a person's draft without an owner", async () => {
    const unit = await fresh();
    await unit.draft("My own words");
    expect((await look(unit)).drafts).toMatchObject([{ owner: undefined }]);
  });
  it("has no draft that is deleted while it is read", async () => {
    const unit = await fresh();
    const draft = await unit.draft(mark());
    const act = async () => void (await unit.api.delete(`${unit.path}/${draft.id}`));
    world.sandbox.faults.add({ door: "github", method: "GET", path: /\/assets\?/, when: "before", act });
    expect((await look(unit)).drafts).toEqual([]);
  });
  it("has a draft without a record whose record is deleted while it is read", async () => {
    const unit = await fresh();
    const draft = await unit.draft(mark());
    await unit.attach(draft, "lockstep.release.json", "{}");
    const act = async () => {
      const [asset] = (await unit.releases())[0]?.assets ?? [];
      await unit.api.delete(`${unit.path}/assets/${asset?.id ?? 0}`);
    };
    world.sandbox.faults.add({ door: "github", method: "GET", path: /\/releases\/assets\/\d+$/, when: "before", act });
    expect((await look(unit)).drafts).toMatchObject([{ owner: "app@1.2.0", record: undefined }]);
  });
  it("has no draft of another tag", async () => {
    const unit = await fresh();
    await unit.draft(mark("1.3.0"), { tag_name: "v1.3.0" });
    expect((await look(unit)).drafts).toEqual([]);
  });
});

describe("observeUnit, when a version is published", () => {
  it("has the Release with its owner and what it is made of", async () => {
    const unit = await fresh();
    await publish(unit);
    expect((await look(unit)).release).toMatchObject({
      owner: "app@1.2.0",
      title: "App 1.2.0",
      record: { version: "1.2.0", artifacts: unit.inputs.artifacts },
    });
  });
  it("has no record where it cannot be read", async () => {
    const unit = await fresh();
    await unit.attach(await unit.draft(mark(), { draft: false }), "lockstep.release.json", "{}");
    expect((await look(unit)).release?.record).toBeUndefined();
  });
  it("reads the attachments of a digest once, although the tag and the record name it", async () => {
    const unit = await fresh();
    await publish(unit);
    const artifacts = [{ name: "app", ociRepository: image(unit), tag: "1.2.0" }];
    const signing = { issuer: "https://issuer.example", workflow: "acme/app/.github/workflows/a.yml", refs: "refs/*" };
    const since = world.sandbox.journal.mark();
    const { repository } = unit;
    await observeUnit({ repository: repository.fullName, tag: "v1.2.0", artifacts, signing, sigstore: {} });
    const digest = unit.inputs.artifacts["app"]?.digest.replace(":", "-") ?? "";
    const lists = world.sandbox.journal.reads(since, { path: new RegExp(`/manifests/${digest}$`) });
    expect(lists.map(({ status }) => status)).toEqual([404]);
  });
  it("has nothing untagged while the version tag is there", async () => {
    const unit = await fresh();
    await publish(unit);
    expect((await look(unit)).untagged).toEqual({});
  });
  it("tells the digest that has lost its version tag", async () => {
    const unit = await fresh();
    await publish(unit);
    await lose(unit, "1.2.0");
    expect(Object.keys((await look(unit)).untagged)).toEqual([unit.inputs.artifacts["app"]?.digest]);
  });
  it("tells none where the digest itself is gone", async () => {
    const unit = await fresh();
    await publish(unit);
    await lose(unit, unit.inputs.artifacts["app"]?.digest ?? "");
    expect((await look(unit)).untagged).toEqual({});
  });
});

describe("observeUnit, when the world cannot be seen", () => {
  it.each([
    ["registry", /manifests/, 500, "checking whether 127.0.0.1"],
    ["github", /git\/ref/, 403, "checking whether the git tag v1.2.0 of acme/"],
    ["github", /releases/, 403, "searching for Releases of v1.2.0 in acme/"],
  ] as const)("is an error that names the step, not an empty answer: %s %s %s", async (door, path, status, step) => {
    const unit = await fresh();
    const act = { status, body: { message: "no" } };
    world.sandbox.faults.add({ door, method: "GET", path, when: "before", times: Infinity, act });
    expect((await releaseErrorOf(look(unit))).parts.step).toContain(step);
  });

  describe("because this login may not read a repository", () => {
    const mayNotRead = (): void => {
      const act = { status: 403, body: { errors: [{ code: "DENIED", message: "denied" }] } };
      const fault = { door: "registry", method: "GET", path: /manifests\/1\.2\.0/, when: "before" } as const;
      world.sandbox.faults.add({ ...fault, times: Infinity, act });
    };

    it("says so of each: whether a version is there is not known", async () => {
      const unit = await fresh();
      mayNotRead();
      const { artifacts, unreadable } = await look(unit);
      expect(artifacts).toEqual({ app: undefined });
      expect(unreadable).toEqual([
        {
          repository: unit.inputs.artifacts["app"]?.repository,
          status: 403,
          words: "DENIED: denied",
          request: expect.stringMatching(/^GET .*\/manifests\/1\.2\.0$/),
        },
      ]);
    });

    it("is an error where a public Release names something of it", async () => {
      const unit = await fresh();
      await publish(unit);
      mayNotRead();
      expect((await releaseErrorOf(look(unit))).parts).toMatchObject({
        code: "CREDENTIALS_REFUSED",
        step: `reading ${unit.inputs.artifacts["app"]?.repository}`,
      });
    });
  });
});

describe("observeUnit, when the world is looked at", () => {
  it("changes nothing", async () => {
    const unit = await fresh();
    await publish(unit);
    const since = world.sandbox.journal.mark();
    await look(unit);
    expect(world.sandbox.journal.writes(since)).toEqual([]);
  });
});
