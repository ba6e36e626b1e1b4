import { describe, expect, it } from "vitest";
import { byKind, dynamicProvider } from "../../../providers/all-providers.ts";
import { unknownInput } from "../../../providers/host/unknown-input.ts";
import { engineHost } from "./engine-host.ts";
import type { PlainProperties } from "./engine-host.ts";

const digest = `sha256:${"a".repeat(64)}`;
const commit = "c".repeat(40);

/** Good inputs of each kind. */
const good: Record<string, PlainProperties> = {
  "oci-tag": { repository: "127.0.0.1:5000/acme/app", tag: "1.2.3", digest },
  "image-index": {
    repository: "127.0.0.1:5000/acme/app",
    manifests: [{ platform: "linux/amd64", digest }],
    annotations: {},
  },
  "git-tag": { repository: "acme/app", tag: "v1.2.3", commit, message: "Release" },
  "github-attestation": {
    repository: "acme/app",
    image: "127.0.0.1:5000/acme/app",
    digest,
    identity: {
      issuer: "https://token.actions.githubusercontent.com",
      workflow: "acme/app/.github/workflows/release.yml",
      refs: "refs/tags/*",
    },
    sigstore: {},
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {},
    tag: "v1.2.3",
  },
  "github-release": {
    repository: "acme/app",
    unit: "app",
    version: "1.2.3",
    tag: "v1.2.3",
    tagPattern: "v{version}",
    revision: commit,
    title: "App 1.2.3",
    notes: "",
    prerelease: false,
    latest: true,
    assets: [],
    artifacts: {
      app: { kind: "image", repository: "127.0.0.1:5000/acme/app", tag: "1.2.3", digest, buildInputs: "b".repeat(64) },
    },
    signing: "off",
    sigstore: {},
    complete: true,
  },
};
const kinds = Object.keys(good);

/** Good inputs with one value in another's place. */
const withValue = (kind: string, path: (string | number)[], value: unknown): PlainProperties => {
  const inputs = structuredClone(good[kind] ?? {});
  let at: Record<string | number, unknown> = inputs;
  for (const key of path.slice(0, -1)) {
    at = at[key] as Record<string | number, unknown>;
  }
  at[path.at(-1) ?? ""] = value;
  return inputs;
};

describe("dynamicProvider, when the state of users names a kind", () => {
  it("has a provider for each kind that was ever written there", () => {
    expect(Object.keys(byKind)).toEqual(
      expect.arrayContaining(["image-index", "oci-tag", "git-tag", "github-attestation", "github-release"]),
    );
  });
  it("says so where it knows none", async () => {
    await expect(dynamicProvider.create({ kind: "from-the-future" })).rejects.toThrow(
      "no provider of kind from-the-future",
    );
  });
});

describe("dynamicProvider, when inputs are checked", () => {
  it.each(kinds)("has nothing against good ones: %s", async (kind) => {
    expect((await engineHost(kind).check(good[kind] ?? {})).failures).toEqual([]);
  });
  it.each(kinds)("gives them back as they came: %s", async (kind) => {
    expect((await engineHost(kind).check(good[kind] ?? {})).inputs).toEqual({
      __provider: "loader",
      ...good[kind],
      kind,
    });
  });
  it.each([
    ["oci-tag", ["digest"]],
    ["image-index", ["manifests", 0, "digest"]],
    ["github-release", ["artifacts", "app", "digest"]],
  ])("lets a digest pass that is not known yet: %s", async (kind, path) => {
    expect((await engineHost(kind).check(withValue(kind, path, unknownInput))).failures).toEqual([]);
  });
  it.each([
    ["oci-tag", ["digest"], "sha256:short", "digest", "is not a sha256 digest"],
    ["oci-tag", ["tag"], "v 1", "tag", "is not an OCI tag"],
    ["oci-tag", ["tag"], undefined, "tag", "expected string"],
    ["image-index", ["manifests"], [], "manifests", "expected array to have >=1 items"],
    ["image-index", ["manifests", 0, "digest"], "latest", "manifests[0].digest", "is not a sha256 digest"],
    ["git-tag", ["commit"], "abc123", "commit", "is not a full commit id"],
    ["git-tag", ["commit"], "HEAD", "commit", "is not a full commit id"],
    ["github-release", ["assets"], "none", "assets", "expected array"],
    ["github-release", ["prerelease"], "no", "prerelease", "expected boolean"],
    ["github-release", ["artifacts", "app", "digest"], "1.2.3", "artifacts.app.digest", "is not a sha256 digest"],
  ])("names the property that is wrong: %s %j = %j", async (kind, path, value, property, words) => {
    const { failures } = await engineHost(kind).check(withValue(kind, path, value));
    expect(failures).toEqual([{ property, reason: expect.stringContaining(words) }]);
  });
  it("names all that are wrong at once", async () => {
    const { failures } = await engineHost("git-tag").check({ repository: 1, tag: 2, commit: "3", message: 4 });
    expect(failures.map(({ property }) => property)).toEqual(["repository", "tag", "commit", "message"]);
  });
});

describe("dynamicProvider, when old and new inputs are compared", () => {
  const identity: [string, string, string][] = [
    ["oci-tag", "repository", "127.0.0.1:5000/acme/other"],
    ["oci-tag", "tag", "1.2.4"],
    ["image-index", "repository", "127.0.0.1:5000/acme/other"],
    ["git-tag", "repository", "acme/other"],
    ["git-tag", "tag", "v1.2.4"],
    ["github-release", "repository", "acme/other"],
    ["github-release", "tag", "v1.2.4"],
  ];
  it.each(identity)("is another thing: %s with another %s", async (kind, property, value) => {
    expect(await engineHost(kind).diff(good[kind] ?? {}, { ...good[kind], [property]: value })).toEqual({
      replaces: [property],
    });
  });
  it.each([
    ["oci-tag", "digest", unknownInput],
    ["image-index", "annotations", { a: "b" }],
    ["git-tag", "message", "another"],
    ["github-release", "notes", "another"],
  ])("leaves the comparison to the engine: %s with another %s", async (kind, property, value) => {
    expect(await engineHost(kind).diff(good[kind] ?? {}, { ...good[kind], [property]: value })).toEqual({});
  });
  it.each([
    ["another place", { path: "b.txt" }, { changes: false }],
    ["a place in which it is packaged", { path: "charts/a", packs: "chart" }, { changes: false }],
    ["other bytes", { path: "b.txt", sha256: "c".repeat(64) }, {}],
    ["another size", { size: 2 }, {}],
    ["another name", { name: "b.txt" }, {}],
    ["no signature", { signed: false }, {}],
  ])("compares files of a Release by name and content: %s", async (_, changes, difference) => {
    const file = { name: "a.txt", path: "a.txt", sha256: "b".repeat(64), size: 1 };
    const [olds, news] = [file, { ...file, ...changes }].map((one) => ({ ...good["github-release"], assets: [one] }));
    expect(await engineHost("github-release").diff(olds!, news!)).toEqual(difference);
  });
  it("says nothing of a place if something else differs as well", async () => {
    const file = { name: "a.txt", path: "a.txt", sha256: "b".repeat(64), size: 1 };
    const olds = { ...good["github-release"], assets: [file] };
    const news = { ...olds, assets: [{ ...file, path: "b.txt" }], complete: false };
    expect(await engineHost("github-release").diff(olds, news)).toEqual({});
  });
  it.each(kinds)("finds nothing in equal ones: %s", async (kind) => {
    expect(await engineHost(kind).diff(good[kind] ?? {}, good[kind] ?? {})).toEqual({});
  });
});

describe("dynamicProvider, when a resource is deleted", () => {
  it.each(kinds)("asks nobody: %s", async (kind) => {
    // No server stands at the addresses above: a request would fail.
    expect(await engineHost(kind).delete(good[kind] ?? {})).toBeUndefined();
  });
});
