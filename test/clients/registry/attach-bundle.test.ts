import { beforeAll, describe, expect, it } from "vitest";
import { keepListed, settleList } from "../../../clients/registry/attach-bundle.ts";
import { nameReferrersTag } from "../../../clients/registry/referrer-list.ts";
import { putManifest } from "../../../clients/registry/registry.ts";
import type { Digest } from "../../../formats/artifact/manifest.ts";
import { attachBundle } from "./attached-bundle.ts";
import { bundleMediaType } from "../../../clients/sigstore/signing.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";
import { ReleaseError } from "../../../errors/release-error.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { signaturePredicate } from "../../../formats/signing/statement.ts";
import { bundlesOf } from "./bundles-of.ts";
import { failure } from "../failure.ts";
import { madeUpRegistry } from "./made-up-registry.ts";

type Registry = ReturnType<typeof madeUpRegistry>;

const bundle = { made: "up" } as unknown as StoredBundle;
const emptyDigest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
const bundleDigest = "sha256:58d01c9d3e73073f6438526a5df386a96bf10870e81947214e5ff8650e17f169";
const indexType = "application/vnd.oci.image.index.v1+json";
const manifestType = "application/vnd.oci.image.manifest.v1+json";

beforeAll(() => {
  process.env["LOCKSTEP_RETRY_MS"] = "1";
});

const attach = ({ repository, subject }: Registry) => attachBundle(repository, subject, bundle, signaturePredicate);

/** What was put under references that begin so, in order. */
const put = ({ asked }: Registry, start: string): string[] =>
  asked.flatMap(({ method, path, body }) => (method === "PUT" && path.startsWith(`manifests/${start}`) ? [body] : []));

const listPut = (registry: Registry): { manifests: unknown[] }[] =>
  put(registry, "sha256-").map((text) => JSON.parse(text) as { manifests: unknown[] });

describe("attachBundle, when a bundle is attached", () => {
  it("is a manifest as cosign writes it, byte for byte", async () => {
    const registry = madeUpRegistry();
    await attach(registry);
    const [text = ""] = put(registry, "sha256:");
    const { created } = /"org.opencontainers.image.created":"(?<created>[^"]*)"/.exec(text)?.groups ?? {};
    expect(created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const size = `{"subject":${/\d+$/.exec(registry.repository)?.[0]}}`.length;
    expect(text).toBe(
      `{"schemaVersion":2,"mediaType":"${manifestType}","artifactType":"${bundleMediaType}",` +
        `"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"${emptyDigest}","size":2},` +
        `"layers":[{"mediaType":"${bundleMediaType}","digest":"${bundleDigest}","size":13}],` +
        `"subject":{"mediaType":"${manifestType}","digest":"${registry.subject}","size":${size}},` +
        `"annotations":{"org.opencontainers.image.created":"${created}","dev.sigstore.bundle.content":"dsse-envelope",` +
        `"dev.sigstore.bundle.predicateType":"${signaturePredicate}"}}`,
    );
  });

  it("is read back", async () => {
    const registry = madeUpRegistry();
    await attach(registry);
    expect(await bundlesOf(registry.repository, registry.subject)).toEqual([bundle]);
  });

  it("asks for the subject beside the uploads, and reads the list after its last write", async () => {
    const registry = madeUpRegistry();
    await attach(registry);
    expect(registry.asked.map(({ method, path }) => `${method} ${path.replace(/[:-][0-9a-f]{64}/, "…")}`)).toEqual([
      "GET manifests/sha256…",
      "POST blobs/uploads/",
      "HEAD blobs/sha256…",
      "PUT https://registry.example/upload?state=x&digest=sha256%3A58d01c9d3e73073f6438526a5df386a96bf10870e81947214e5ff8650e17f169",
      "POST blobs/uploads/",
      "PUT https://registry.example/upload?state=x&digest=sha256%3A44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
      "PUT manifests/sha256…",
      "GET manifests/sha256…",
      "PUT manifests/sha256…",
      "GET manifests/sha256…",
      "GET referrers/sha256…",
    ]);
  });

  it("puts one config and writes the list at most twice for bundles that are attached side by side, and lists them all", async () => {
    const registry = madeUpRegistry();
    const bundles = [1, 2, 3, 4].map((n) => ({ n }) as unknown as StoredBundle);
    await Promise.all(bundles.map((one) => attachBundle(registry.repository, registry.subject, one, "x")));
    const writes = registry.asked.filter(({ method, path }) => method === "PUT" && /manifests\/sha256-/.test(path));
    expect(writes.length).toBeLessThanOrEqual(2);
    const configs = registry.asked.filter(({ method, path }) => method === "HEAD" && path === `blobs/${emptyDigest}`);
    expect(configs).toHaveLength(1);
    const found = await bundlesOf(registry.repository, registry.subject);
    expect(found).toHaveLength(4);
    expect(found).toEqual(expect.arrayContaining(bundles));
  });

  it("begins no turn on a list before the one before it has read it", async () => {
    const registry = madeUpRegistry();
    const turns = Array.from({ length: 3 }, () => settleList(registry.repository, registry.subject));
    expect(new Set(turns).size).toBe(1);
    await turns[0];
    const [first, second] = [
      settleList(registry.repository, registry.subject),
      Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => settleList(registry.repository, registry.subject)),
    ];
    await Promise.all([first, second]);
    const lists = registry.asked.filter(({ path }) => /^referrers/.test(path));
    expect(lists).toHaveLength(3);
  });

  it("is refused if the digest is gone", async () => {
    const { repository } = madeUpRegistry();
    const gone = `sha256:${"0".repeat(64)}`;
    const error = await failure<ServerRefusal>(ServerRefusal, attachBundle(repository, gone, bundle, "x"));
    expect(error).toMatchObject({ status: 404, words: expect.stringContaining(gone) });
  });
});

describe("keepListed", () => {
  const another = `sha256:${"a".repeat(64)}`;
  const entry = { mediaType: manifestType, digest: another, size: 1, annotations: { by: "a twin" } };
  const putList = async (registry: Registry, manifests: unknown[]): Promise<void> => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
    await putManifest(registry.repository, nameReferrersTag(registry.subject as Digest), {
      bytes,
      mediaType: indexType,
    });
  };

  it("has what was found listed again, as it stood there, if another writer drops it", async () => {
    const registry = madeUpRegistry();
    await putList(registry, [entry]);
    await settleList(registry.repository, registry.subject);
    keepListed(registry.repository, registry.subject, another as Digest);
    await putList(registry, []);
    await settleList(registry.repository, registry.subject);
    expect(listPut(registry).at(-1)?.manifests).toEqual([entry]);
  });

  it("lists nothing that the list did not have", async () => {
    const registry = madeUpRegistry();
    await settleList(registry.repository, registry.subject);
    keepListed(registry.repository, registry.subject, another as Digest);
    await settleList(registry.repository, registry.subject);
    expect(listPut(registry)).toEqual([]);
  });
});

describe("attachBundle, when the registry keeps the list itself", () => {
  const saying = (registry: Registry): void => void (registry.kept.headers = { "oci-subject": registry.subject });

  it("writes none", async () => {
    const registry = madeUpRegistry();
    saying(registry);
    registry.page([]);
    await attach(registry);
    expect(listPut(registry)).toEqual([]);
  });

  it("writes one if the registry only says so", async () => {
    const registry = madeUpRegistry();
    saying(registry);
    await attach(registry);
    expect(listPut(registry)).toHaveLength(1);
  });
});

describe("attachBundle, when a list is there", () => {
  it.each([
    ["null", null],
    ["a number", 7],
    ["an empty entry", {}],
    ["an entry that leads elsewhere", { digest: "../../../other/manifests/latest" }],
    ["an entry with unknown fields", { digest: `sha512:${"a".repeat(128)}`, urls: [null], data: { x: 1 } }],
  ])("keeps %s", async (_, entry) => {
    const registry = madeUpRegistry();
    registry.list([entry], { annotations: { theirs: "1" }, unknown: [null] });
    await attach(registry);
    const [list] = listPut(registry);
    expect(list).toEqual({
      schemaVersion: 2,
      mediaType: indexType,
      annotations: { theirs: "1" },
      unknown: [null],
      manifests: [entry, expect.objectContaining({ artifactType: bundleMediaType })],
    });
  });

  it.each([{ manifests: null }, { manifests: undefined }])("takes %j for an empty one", async (none) => {
    const registry = madeUpRegistry();
    registry.list([], none);
    await attach(registry);
    expect(listPut(registry)[0]?.manifests).toHaveLength(1);
  });

  it("replaces that version of it, where the registry compares", async () => {
    const registry = madeUpRegistry();
    registry.list([]);
    const tag = registry.subject.replace(":", "-");
    const body = JSON.stringify({ mediaType: indexType, manifests: [] });
    registry.say(`GET manifests/${tag}`, { body, headers: { "content-type": indexType, etag: '"1"' } });
    await attach(registry);
    expect(registry.asked.findLast(({ method }) => method === "PUT")?.headers.get("if-match")).toBe('"1"');
  });

  describe("that another writer changes at the same moment", () => {
    const tagOf = ({ subject }: Registry) => subject.replace(":", "-");
    it("completes it", async () => {
      const registry = madeUpRegistry();
      const theirs = { digest: `sha256:${"a".repeat(64)}` };
      registry.after(`PUT manifests/${tagOf(registry)}`, () => registry.list([theirs]));
      await attach(registry);
      expect(listPut(registry).map(({ manifests }) => manifests.length)).toEqual([1, 2]);
      expect(listPut(registry)[1]?.manifests[0]).toEqual(theirs);
    });

    it("completes it with what it attached before, too", async () => {
      const registry = madeUpRegistry();
      await attach(registry);
      registry.list([]);
      await attachBundle(registry.repository, registry.subject, { made: "later" } as unknown as StoredBundle, "x");
      expect(listPut(registry).at(-1)?.manifests).toHaveLength(2);
    });

    it("reads it again if the registry refuses to replace another version", async () => {
      const registry = madeUpRegistry();
      registry.once(`PUT manifests/${tagOf(registry)}`, { status: 412 });
      await attach(registry);
      expect(listPut(registry).map(({ manifests }) => manifests.length)).toEqual([1, 1]);
    });
  });

  it.each([
    ["an image", "{}", manifestType, "is application/vnd.oci.image.manifest.v1+json, not a list"],
    ["no JSON", "x", indexType, "is not JSON"],
    ["entries that are no list", '{"manifests":{}}', indexType, "manifests: Invalid input: expected array"],
  ])("does not overwrite %s under its tag, and says so", async (_, body, type, words) => {
    const registry = madeUpRegistry();
    registry.manifest(body, registry.subject.replace(":", "-"), type);
    const { code, parts } = await failure<ReleaseError>(ReleaseError, attach(registry));
    expect([code, parts.reason]).toEqual(["SIGNING_FAILED", expect.stringContaining(words)]);
    expect(listPut(registry)).toEqual([]);
  });
});

describe("attachBundle, when the registry names an upload address", () => {
  it.each(["http://registry.example/upload", "http://127.0.0.1/upload", "file:///tmp/x", "https://["])(
    "sends nothing to %s",
    async (location) => {
      const registry = madeUpRegistry();
      registry.say("POST blobs/uploads/", { status: 202, headers: { location } });
      const error = await failure<ServerRefusal>(ServerRefusal, attach(registry));
      expect(error.words).toBe("the registry names no https address for the upload");
      expect(registry.asked.filter(({ method }) => method === "PUT")).toEqual([]);
    },
  );

  it("sends nothing if it names none", async () => {
    const registry = madeUpRegistry();
    registry.say("POST blobs/uploads/", { status: 202 });
    await failure<ServerRefusal>(ServerRefusal, attach(registry));
    expect(registry.asked.filter(({ method }) => method === "PUT")).toEqual([]);
  });

  it("sends no login to another host", async () => {
    const registry = madeUpRegistry("login.example");
    const wanted = { status: 401, headers: { "www-authenticate": 'Bearer realm="https://login.example/token"' } };
    registry.say("POST blobs/uploads/", async ({ headers }) =>
      new Headers(headers).has("authorization")
        ? new Response("", { status: 202, headers: { location: "https://storage.example/upload?key=1" } })
        : new Response("", wanted),
    );
    const scope = encodeURIComponent(`repository:${registry.repository.replace("login.example/", "")}:pull,push`);
    registry.say(`https://login.example/token?scope=${scope}`, { body: '{"token":"given"}' });
    await attach(registry);
    const sent = registry.asked.filter(({ path }) => path.startsWith("https://storage.example"));
    expect(sent.map(({ headers }) => headers.get("authorization"))).toEqual([null, null]);
    expect(registry.asked.some(({ headers }) => headers.get("authorization") === "Bearer given")).toBe(true);
  });
});
