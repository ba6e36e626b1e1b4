import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attachBundle } from "./attached-bundle.ts";
import { logIn } from "../../../clients/registry/login.ts";
import { computeDigest } from "../../../formats/artifact/digest.ts";
import { getManifest, headManifest } from "../../../clients/registry/registry.ts";
import { bundleMediaType } from "../../../clients/sigstore/signing.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";
import { ReleaseError } from "../../../errors/release-error.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { readManifestReferences } from "../../../formats/artifact/manifest-references.ts";
import { readManifest } from "../../../formats/artifact/manifest.ts";
import { isAttached } from "../../../providers/artifact/signed-statement.ts";
import { everythingAt } from "./bundles-of.ts";
import { madeUpRegistry } from "./made-up-registry.ts";

const runs = { seed: 20, numRuns: 300 };
const digest = computeDigest("{}");

/** The public Sigstore's keys, which come with the library that fetches them. */
const seeds = createRequire(import.meta.resolve("@sigstore/tuf"))("../seeds.json") as Record<
  string,
  { targets: Record<string, string> }
>;
let folder = "";
beforeAll(async () => {
  process.env["LOCKSTEP_RETRY_MS"] = "1";
  folder = await mkdtemp(join(tmpdir(), "hostile-registry-"));
  const [{ targets } = { targets: {} }] = Object.values(seeds);
  await writeFile(join(folder, "root.json"), Buffer.from(targets["trusted_root.json"] ?? "", "base64"));
});
afterAll(() => rm(folder, { recursive: true }));

const descriptor = { mediaType: bundleMediaType, digest, size: 2, artifactType: bundleMediaType };
const samples = {
  manifest: {
    schemaVersion: 2,
    config: descriptor,
    layers: [descriptor],
    subject: descriptor,
    annotations: { a: "b" },
  },
  index: { schemaVersion: 2, manifests: [{ ...descriptor, platform: { os: "linux", architecture: "arm64" } }] },
  bundle: {
    mediaType: bundleMediaType,
    verificationMaterial: {
      certificate: { rawBytes: "AAAA" },
      tlogEntries: [{ logIndex: "1", logId: { keyId: "AA==" } }],
    },
    dsseEnvelope: {
      payload: "e30=",
      payloadType: "application/vnd.in-toto+json",
      signatures: [{ sig: "AA==", keyid: "" }],
    },
  },
  token: { token: "given", access_token: "given", expires_in: 300 },
};

const json = fc.jsonValue({ maxDepth: 4 });

/** A copy with another value in one place. */
const changed = (sample: unknown): fc.Arbitrary<unknown> =>
  fc.tuple(fc.nat(200), json).map(([place, other]) => {
    let at = 0;
    const copy = (value: unknown): unknown => {
      if (at++ === place) {
        return other;
      }
      if (Array.isArray(value)) {
        return value.map(copy);
      }
      if (value === null || typeof value !== "object") {
        return value;
      }
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copy(inner)]));
    };
    return copy(sample);
  });

/** What a server sends for a sample: any JSON, the sample with one change, a part of it, or any text. */
const body = (sample: unknown): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: changed(sample).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: json.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.nat(100).map((length) => JSON.stringify(sample).slice(0, length)) },
    { weight: 1, arbitrary: fc.string() },
  );

/** Runs work that may refuse in words of its own, and in no others. */
async function expectSettled(work: () => Promise<unknown>): Promise<void> {
  const refused = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  if (refused === undefined) {
    return;
  }
  const known = refused instanceof ServerRefusal || refused instanceof ReleaseError;
  expect(known ? "a refusal" : refused).toBe("a refusal");
  expect(String((refused as Error).message)).not.toMatch(/cannot read prop|is not a function|is not iterable/i);
}

describe("the registry client, whatever a registry sends", () => {
  it("is looked through for attachments, and each is named or read", async () => {
    const property = fc.asyncProperty(
      body(samples.manifest),
      body(samples.bundle),
      body(samples.index),
      fc.boolean(),
      async (manifest, bundle, list, whole) => {
        const registry = madeUpRegistry("hostile.example");
        const entry = registry.manifest(manifest);
        registry.say(`blobs/${digest}`, { body: bundle });
        const wrapped = JSON.stringify({ manifests: [entry, registry.bundle(bundle)] });
        registry.manifest(
          whole ? list : wrapped,
          registry.subject.replace(":", "-"),
          "application/vnd.oci.image.index.v1+json",
        );
        if (!whole) {
          registry.page([entry]);
        }
        const identity = {
          issuer: "https://issuer.example",
          workflow: "a/b/.github/workflows/c.yml",
          refs: "refs/tags/*",
        };
        const inputs = { repository: registry.repository, digest: registry.subject, identity };
        const sigstore = { trustedRoot: join(folder, "root.json") };
        await expectSettled(() => everythingAt(registry.repository, registry.subject));
        await expectSettled(async () =>
          expect(await isAttached({ ...inputs, sigstore }, { predicateType: "x" })).toBe(false),
        );
        await expectSettled(() =>
          attachBundle(registry.repository, registry.subject, {} as StoredBundle, "https://example.com/x"),
        );
      },
    );
    await fc.assert(property, runs);
  });

  it("is listed by its API, or refused", async () => {
    const property = fc.asyncProperty(body(samples.index), fc.string(), async (list, link) => {
      const registry = madeUpRegistry("hostile.example");
      const headers = /^[\x20-\x7e]*$/.test(link) ? { link: `<${link}>; rel="next"` } : {};
      registry.say(`referrers/${registry.subject}`, { body: list, headers });
      await expectSettled(() => everythingAt(registry.repository, registry.subject));
    });
    await fc.assert(property, runs);
  });

  it("is a manifest or none", () => {
    const read = (text: string): string => {
      try {
        return JSON.stringify(readManifest(Buffer.from(text)));
      } catch (error) {
        return String(error);
      }
    };
    const property = fc.property(fc.oneof(body(samples.manifest), body(samples.index)), (text) => {
      expect(() => readManifestReferences(text)).not.toThrow();
      expect(read(text)).not.toMatch(/^(?!Error: )\w+: /);
    });
    fc.assert(property, runs);
  });

  it("is a digest in a header, or refused", async () => {
    const property = fc.asyncProperty(fc.string(), async (named) => {
      const registry = madeUpRegistry("hostile.example");
      const value = /^[\x21-\x7e]*$/.test(named) ? named : "x";
      registry.say(`HEAD manifests/${registry.subject}`, { headers: { "docker-content-digest": value } });
      await expectSettled(() => headManifest(registry.repository, registry.subject));
      await expectSettled(() => getManifest(registry.repository, registry.subject));
    });
    await fc.assert(property, runs);
  });

  it("is a token, or refused", async () => {
    const property = fc.asyncProperty(body(samples.token), fc.string(), async (text, realm) => {
      const registry = madeUpRegistry("hostile.example");
      registry.say("https://registry.example/token?scope=x", { body: text });
      const challenge = { registry: "registry.example", scope: "x", request: "GET https://registry.example/v2/" };
      for (const address of ["https://registry.example/token", realm]) {
        await expectSettled(() => logIn({ ...challenge, header: `Bearer realm="${address}"` }));
      }
    });
    await fc.assert(property, runs);
  });
});
