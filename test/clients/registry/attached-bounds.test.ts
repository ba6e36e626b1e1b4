import { describe, expect, it } from "vitest";
import { readAttachments } from "../../../clients/registry/referrers.ts";
import { bundleMediaType } from "../../../clients/sigstore/signing.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { everythingAt } from "./bundles-of.ts";
import { failure } from "../failure.ts";
import { madeUpRegistry } from "./made-up-registry.ts";

type Registry = ReturnType<typeof madeUpRegistry>;

const look = ({ repository, subject }: Registry, bounds = {}) => everythingAt(repository, subject, bounds);
const refusal = ({ repository, subject }: Registry, bounds = {}) =>
  failure<ServerRefusal>(ServerRefusal, everythingAt(repository, subject, bounds));
const fillers = (registry: Registry, count: number, artifactType?: string) =>
  Array.from({ length: count }, (_, at) => ({
    ...registry.manifest(`{"filler":${at}}`),
    ...(artifactType === undefined ? {} : { artifactType }),
  }));

describe("attachedTo, when the list has pages", () => {
  it("follows them", async () => {
    const registry = madeUpRegistry();
    const [one, two, three] = [1, 2, 3].map((n) => registry.bundle(`{"n":${n}}`));
    const path = `/v2/${registry.repository.split("/").slice(1).join("/")}/referrers/${registry.subject}`;
    registry.page([one], { next: `${path}?n=2` });
    registry.page([two], { query: "?n=2", next: `https://registry.example${path}?n=3` });
    registry.page([three], { query: "?n=3" });
    expect(await look(registry)).toEqual({ bundles: [{ n: 1 }, { n: 2 }, { n: 3 }], unread: [] });
  });

  it.each([
    ["itself", "itself", "a page that was already read"],
    ["another host", "https://evil.example/v2/acme/app/referrers/x", "continues outside this repository"],
    ["plain HTTP", "http://registry.example/v2/acme/app/referrers/x", "continues outside this repository"],
    ["another repository", "/v2/acme/other/referrers/x", "continues outside this repository"],
    ["a way out", "../../../acme/other/referrers/x", "continues outside this repository"],
    ["what is no address", "https://[", "continues outside this repository"],
  ])("refuses a list that goes on at %s", async (_, next, words) => {
    const registry = madeUpRegistry();
    const name = registry.repository.split("/").slice(1).join("/");
    registry.page([], { next: next === "itself" ? `/v2/${name}/referrers/${registry.subject}` : next });
    expect((await refusal(registry)).words).toContain(words);
    expect(registry.askedFor("referrers")).toHaveLength(1);
    expect(registry.askedFor("http")).toEqual([]);
  });

  it("reads twenty of them and says that there are more", async () => {
    const registry = madeUpRegistry();
    for (let page = 0; page < 30; page++) {
      registry.page([registry.bundle(`{"n":${page}}`)], {
        query: page === 0 ? "" : `?n=${page}`,
        next: `?n=${page + 1}`,
      });
    }
    const { bundles, unread } = await look(registry);
    expect([bundles.length, unread]).toEqual([20, [expect.stringContaining("more than 20 pages")]]);
  });

  it("is an error if a later one is not there", async () => {
    const registry = madeUpRegistry();
    registry.page([], { next: "?n=2" });
    expect((await refusal(registry)).status).toBe(404);
  });

  it.each(["{}", "null", "<html>", '{"manifests":{}}'])("is an error if one is %s", async (body) => {
    const registry = madeUpRegistry();
    registry.say(`referrers/${registry.subject}`, { body });
    expect((await refusal(registry)).words).toContain("the list of attachments cannot be read");
  });

  it("takes null for an empty one", async () => {
    const registry = madeUpRegistry();
    registry.say(`referrers/${registry.subject}`, { body: '{"manifests":null}' });
    expect(await look(registry)).toEqual({ bundles: [], unread: [] });
  });
});

describe("attachedTo, when much is attached", () => {
  it.each([
    ["of another type", "application/vnd.example+json"],
    ["that says nothing", undefined],
  ])("finds ours behind 5,000 entries %s, first", async (_, artifactType) => {
    const registry = madeUpRegistry();
    registry.list([...fillers(registry, 5000, artifactType), registry.bundle('{"ours":1}')]);
    for await (const attached of readAttachments(registry.repository, registry.subject)) {
      if (!("bundle" in attached)) {
        continue;
      }
      expect(attached.bundle).toEqual({ ours: 1 });
      break;
    }
    expect(registry.askedFor("manifests/sha256:").length).toBeLessThanOrEqual(8);
  });

  it("finds one that shows the config's type, behind others", async () => {
    const registry = madeUpRegistry();
    const ours = registry.bundle('{"ours":1}', "application/vnd.oci.empty.v1+json");
    registry.list([...fillers(registry, 600, "application/vnd.example+json"), ours]);
    expect((await look(registry)).bundles).toEqual([{ ours: 1 }]);
  });

  it("asks for eight manifests at once", async () => {
    const registry = madeUpRegistry();
    registry.list(fillers(registry, 100));
    await look(registry);
    expect(registry.mostOpen).toBe(8);
  });

  it("looks at 500 entries and counts the others", async () => {
    const registry = madeUpRegistry();
    registry.list(fillers(registry, 5000, bundleMediaType));
    const { unread } = await look(registry);
    expect(registry.askedFor("manifests/sha256:")).toHaveLength(500);
    expect(unread).toEqual(["4500 more entries of the list were not checked: the limit is 500"]);
  });

  it("looks once at what is listed twice", async () => {
    const registry = madeUpRegistry();
    const one = registry.bundle('{"n":1}');
    registry.page([one, one]);
    registry.list([{ ...one, artifactType: "application/x" }, one]);
    expect((await look(registry)).bundles).toEqual([{ n: 1 }]);
    expect(registry.askedFor(`manifests/${one.digest}`)).toHaveLength(1);
  });

  it("fetches large bundles one after another, and in their order", async () => {
    const registry = madeUpRegistry();
    let open = 0;
    let mostOpen = 0;
    const large = [1, 2, 3, 4].map((n) => {
      const text = JSON.stringify({ n, filler: "x".repeat(2 ** 20) });
      const entry = registry.bundle(text);
      registry.say(`blobs/${entry.layer.digest}`, async () => {
        mostOpen = Math.max(mostOpen, ++open);
        await new Promise(setImmediate);
        open -= 1;
        return new Response(text);
      });
      return entry;
    });
    registry.list(large);
    expect((await look(registry)).bundles).toMatchObject([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    expect(mostOpen).toBe(1);
  });
});

describe("attachedTo, when it takes too long", () => {
  /** A list of twenty; the third is not answered, and time is over then. */
  function slow(registry: Registry, third: (init: RequestInit) => Promise<Response>) {
    const clock = new AbortController();
    const entries = Array.from({ length: 20 }, (_, n) => registry.bundle(`{"n":${n}}`));
    registry.list(entries);
    registry.say(`manifests/${entries[2]?.digest}`, third);
    return clock;
  }
  const untilOver = ({ signal }: RequestInit): Promise<Response> =>
    new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)));

  it("counts what was not looked at", async () => {
    const registry = madeUpRegistry();
    const clock = slow(registry, (init) => {
      setImmediate(() => setImmediate(() => setImmediate(() => clock.abort())));
      return untilOver(init);
    });
    const { bundles, unread } = await look(registry, { signal: clock.signal });
    expect(bundles.slice(0, 2)).toEqual([{ n: 0 }, { n: 1 }]);
    expect(unread).toEqual([`${20 - bundles.length} more entries of the list were not checked: it took too long`]);
  });

  it("is an error if the registry had failed before", async () => {
    const registry = madeUpRegistry();
    let tries = 0;
    const clock = slow(registry, async (init) => {
      if (++tries === 1) {
        return new Response("", { status: 503, statusText: "Service Unavailable" });
      }
      setImmediate(() => clock.abort());
      return untilOver(init);
    });
    expect(await refusal(registry, { signal: clock.signal })).toMatchObject({ status: 503, exhausted: true });
  });

  it("is an error if not even the list came", async () => {
    const registry = madeUpRegistry();
    const clock = new AbortController();
    registry.say(`referrers/${registry.subject}`, (init) => {
      setImmediate(() => clock.abort());
      return untilOver(init);
    });
    expect(await refusal(registry, { signal: clock.signal })).toMatchObject({ status: 0, exhausted: true });
  });

  it("ends what is under way when its reader leaves", async () => {
    const registry = madeUpRegistry();
    let ended = false;
    slow(registry, async (init) => {
      init.signal?.addEventListener("abort", () => (ended = true));
      return untilOver(init);
    });
    for await (const _ of readAttachments(registry.repository, registry.subject)) {
      break;
    }
    expect(ended).toBe(true);
  });
});
