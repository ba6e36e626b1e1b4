import { beforeAll, describe, expect, it } from "vitest";
import { bundleMediaType } from "../../../clients/sigstore/signing.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { everythingAt } from "./bundles-of.ts";
import { failure } from "../failure.ts";
import { madeUpRegistry } from "./made-up-registry.ts";
import type { MadeUpAnswer, MadeUpEntry } from "./made-up-registry.ts";

type Registry = ReturnType<typeof madeUpRegistry>;

beforeAll(() => {
  process.env["LOCKSTEP_RETRY_MS"] = "1";
});

const look = ({ repository, subject }: Registry) => everythingAt(repository, subject);

/** What is attached beside ours, and what is said of it. */
async function beside(attach: (registry: Registry) => MadeUpEntry) {
  const registry = madeUpRegistry();
  const theirs = attach(registry);
  registry.list([theirs, registry.bundle('{"ours":1}')]);
  const { bundles, unread } = await look(registry);
  return { registry, bundles, said: unread.map((words) => words.replace(`${theirs.digest}: `, "")) };
}

const digest = `sha256:${"a".repeat(64)}`;
const withLayers = (layers: unknown) => (registry: Registry) => registry.manifest(JSON.stringify({ layers }));
const withLayer = (layer: object) => withLayers([{ mediaType: bundleMediaType, digest, size: 5, ...layer }]);
const answering = (part: "manifests" | "blobs", answer: MadeUpAnswer) => (registry: Registry) => {
  const entry = registry.bundle('{"theirs":1}');
  registry.say(`${part}/${part === "blobs" ? entry.layer.digest : entry.digest}`, answer);
  return entry;
};

describe("attachedTo, when a stranger attaches what cannot be read", () => {
  it.each<[what: string, attach: (registry: Registry) => MadeUpEntry, words: string | RegExp]>([
    ["layers that are null", withLayers(null), /^cannot be read: layers: /],
    ["a layer that is null", withLayers([null]), /^cannot be read: layers\.0: /],
    [
      "a layer at another place",
      withLayer({ digest: "../../../other/manifests/latest" }),
      /layers\.0\.digest: is not a sha/,
    ],
    ["a layer without a size", withLayer({ size: null }), /^cannot be read: layers\.0\.size: /],
    ["what is not JSON", (registry) => registry.manifest("no JSON"), "cannot be read: is not JSON"],
    ["null", (registry) => registry.manifest("null"), /^cannot be read: Invalid input/],
    ["a list", (registry) => registry.manifest("[]"), /^cannot be read: Invalid input/],
    ["a text", (registry) => registry.manifest('"text"'), /^cannot be read: Invalid input/],
    [
      "a manifest of 2 MiB",
      (registry) => registry.manifest(`{"a":"${"x".repeat(2 ** 21)}"}`),
      /longer than 1048576 bytes/,
    ],
    ["a bundle of 400 MB", withLayer({ size: 400_000_000 }), "its bundle is longer than 33554432 bytes"],
    ["a bundle that is not there", withLayer({}), "its bundle is not there"],
    ["a bundle that is not JSON", (registry) => registry.bundle("not JSON"), "cannot be read: is not JSON"],
    ["a bundle that is null", (registry) => registry.bundle("null"), /^cannot be read: Invalid input/],
    ["a bundle that is a list", (registry) => registry.bundle("[]"), /^cannot be read: Invalid input/],
    ["a manifest of other bytes", answering("manifests", { body: "{}" }), /^the registry sent other bytes/],
    ["a bundle of other bytes", answering("blobs", { body: '{"other":1}' }), /^the registry sent other bytes/],
    ["a bundle that is longer", answering("blobs", { body: '{"theirs":1} ' }), /^the answer is longer than 12 bytes/],
    ["a manifest that is gone", answering("manifests", { status: 404 }), "is listed but not there"],
    ["a manifest that is gone for good", answering("manifests", { status: 410 }), /^410: /],
    ["a manifest that is refused", answering("manifests", { status: 403 }), /^403: /],
    ["a bundle that is refused", answering("blobs", { status: 403 }), /^403: /],
    ["a bundle that is gone for good", answering("blobs", { status: 410 }), /^410: /],
  ])("finds ours, and names theirs: %s", async (_, attach, words) => {
    const { registry, bundles, said } = await beside(attach);
    expect(bundles).toEqual([{ ours: 1 }]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(words);
    expect(registry.asked.filter(({ path }) => path.includes("other"))).toEqual([]);
  });

  it("names the digest", async () => {
    const registry = madeUpRegistry();
    const theirs = registry.manifest('{"layers":null}');
    registry.list([theirs]);
    expect((await look(registry)).unread).toEqual([expect.stringContaining(`${theirs.digest}: cannot be read`)]);
  });

  it("passes over what is no bundle, and names nothing of it", async () => {
    const { bundles, said } = await beside(withLayer({ mediaType: "application/vnd.example+json" }));
    expect([bundles, said]).toEqual([[{ ours: 1 }], []]);
  });

  it("does not read an endless manifest to its end", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const { bundles } = await beside(answering("manifests", { body: endless }));
    expect(bundles).toEqual([{ ours: 1 }]);
    expect(pulled).toBeLessThan(2 ** 21);
  });
});

describe("attachedTo, when a stranger writes the list", () => {
  it("counts the entries that are none, and says what is wrong with the first", async () => {
    const registry = madeUpRegistry();
    const strange = [null, 7, "x", {}, { digest: "../../../other/manifests/latest" }, { digest: `${digest}0` }];
    registry.list([...strange, registry.bundle('{"ours":1}')]);
    expect(await look(registry)).toEqual({
      bundles: [{ ours: 1 }],
      unread: [
        "6 entries of the list cannot be read, the first of them because Invalid input: expected object, received null",
      ],
    });
    expect(registry.asked.filter(({ path }) => path.includes("other"))).toEqual([]);
  });

  it.each([{ artifactType: 7 }, { artifactType: null }, { mediaType: null, size: "large", annotations: [] }])(
    "looks at an entry with %j",
    async (more) => {
      const registry = madeUpRegistry();
      registry.list([{ ...registry.bundle('{"ours":1}'), ...more }]);
      expect((await look(registry)).bundles).toEqual([{ ours: 1 }]);
    },
  );

  it.each([
    ["no JSON", "is not JSON"],
    ["null", "Invalid input: expected object, received null"],
    ['{"manifests":{}}', "manifests: Invalid input: expected array, received object"],
  ])("names what is no list: %s", async (body, words) => {
    const registry = madeUpRegistry();
    const tag = registry.subject.replace(":", "-");
    registry.manifest(body, tag, "application/vnd.oci.image.index.v1+json");
    expect(await look(registry)).toEqual({ bundles: [], unread: [`${tag}: ${words}`] });
  });

  it("names an image under the tag of the list", async () => {
    const registry = madeUpRegistry();
    registry.manifest("{}", registry.subject.replace(":", "-"));
    const { unread } = await look(registry);
    expect(unread).toEqual([expect.stringContaining("is application/vnd.oci.image.manifest.v1+json, not a list")]);
  });
});

describe("attachedTo, when it is the registry that fails", () => {
  const unsettled: [what: string, answer: MadeUpAnswer, status: number, tries: number][] = [
    ["401", { status: 401 }, 401, 2],
    ["429", { status: 429 }, 429, 5],
    ["500", { status: 500 }, 500, 5],
    ["503", { status: 503 }, 503, 5],
    ["a secondary rate limit", { status: 403, body: "You have exceeded a secondary rate limit" }, 403, 5],
    ["no answer", () => Promise.reject(new TypeError("fetch failed")), 0, 5],
  ];
  for (const part of ["manifests", "blobs"] as const) {
    it.each(unsettled)(
      `is an error, not a missing bundle: %s for one of the ${part}`,
      async (_, answer, status, tries) => {
        const registry = madeUpRegistry();
        registry.list([answering(part, answer)(registry)]);
        const { repository, subject } = registry;
        const error = await failure<ServerRefusal>(ServerRefusal, everythingAt(repository, subject));
        expect(error.status).toBe(status);
        const path = part === "blobs" ? "blobs/" : "manifests/sha256:";
        expect(registry.askedFor(path)).toHaveLength(tries);
      },
    );
  }
});
