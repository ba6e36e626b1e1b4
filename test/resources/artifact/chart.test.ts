import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import { beforeAll, describe, expect, it } from "vitest";
import type { Decision } from "../../../plan/artifact/adoption.ts";
import type { ReleasePlan } from "../../../plan/release/release.ts";
import type { PinnableArtifacts } from "../../../resources/artifact/artifact.ts";
import { chart } from "../../../resources/artifact/chart.ts";
import { digest } from "../../plan/made-up-project.ts";

/** A request to register a resource, as far as it is read here. */
interface Registration {
  getName(): string;
  getIgnorechangesList(): string[];
}

class Train extends pulumi.ComponentResource {}

/** By name of the resource: its inputs, and those whose changes the engine is told to ignore. */
const declared = new Map<string, { inputs: unknown; ignored: string[] }>();
const stamps = { created: "2026-01-15T12:00:00Z", source: "https://github.com/acme/app", revision: "a".repeat(40) };

const hubFile = { path: "artifacthub-repo.yml", sha256: "6".repeat(64) };

/** What a push puts out. */
const pushed = { digest: digest("a"), packageSha256: "6".repeat(64), packageSize: 700 };

async function declare(decision: Decision, more: object = {}, pinnable?: PinnableArtifacts) {
  const parent = new Train("test:index:Train", `train-${decision.how}`);
  const plan = {
    kind: "chart" as const,
    name: decision.how,
    ociRepository: "ghcr.io/acme/charts/app",
    tag: "1.2.3",
    buildInputs: "5".repeat(64),
    sourceHash: "5".repeat(64),
    parameters: {},
    sbom: undefined,
    attestations: undefined,
    decision,
    path: "charts/app",
    layer: digest("5"),
    stamps,
    ...more,
  };
  const face = chart(plan, { version: "1.2.3" } as ReleasePlan, { parent }, pinnable);
  const found = await new Promise((resolve) => pulumi.output(face.digest).apply(resolve));
  return { ...face, digest: found };
}

describe("chart", () => {
  beforeAll(async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => {
        declared.set(name, { inputs, ignored: declared.get(name)?.ignored ?? [] });
        return { id: name, state: { ...(inputs as object), ...pushed } };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    });
    const monitor = getMonitor()! as { registerResource(request: Registration, answer: unknown): void };
    const register = monitor.registerResource.bind(monitor);
    Object.assign(monitor, {
      registerResource: (request: Registration, answer: unknown) => {
        const ignored = request.getIgnorechangesList();
        declared.set(request.getName(), { inputs: undefined, ignored });
        return register(request, answer);
      },
    });
  });

  it("pushes the planned package", async () => {
    const face = await declare({ how: "build" });
    expect([face.digest, face.resources.length]).toEqual([digest("a"), 1]);
    expect(declared.get("chart/build@1.2.3")).toEqual({
      inputs: expect.objectContaining({
        kind: "chart-push",
        repository: "ghcr.io/acme/charts/app",
        path: "charts/app",
        layer: digest("5"),
        stamps,
      }),
      ignored: [],
    });
  });

  it("keeps the manifest that this stack has published, whatever it would say today", async () => {
    await declare({ how: "built", digest: digest("a") });
    expect(declared.get("chart/built@1.2.3")?.ignored).toEqual(["path", "stamps", "layer", "pins", "versions"]);
  });

  it("declares nothing for a chart that is adopted", async () => {
    expect(await declare({ how: "adopted", digest: digest("b") })).toMatchObject({
      digest: digest("b"),
      resources: [],
    });
    expect(declared.has("chart/adopted@1.2.3")).toBe(false);
  });

  it.each<Decision>([{ how: "build" }, { how: "adopted", digest: digest("b") }])(
    "declares the metadata for Artifact Hub behind the Release, without a version in its name: %j",
    async (decision) => {
      const face = await declare(decision, { name: `hub-${decision.how}`, hubFile });
      expect(declared.has(`artifact-hub/hub-${decision.how}`)).toBe(false);
      const after = face.afterRelease?.({ parent: new Train("test:index:Train", `after-${decision.how}`) }) ?? [];
      await Promise.all(after.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
      expect(declared.get(`artifact-hub/hub-${decision.how}`)?.inputs).toEqual(
        expect.objectContaining({ kind: "artifact-hub-tag", repository: "ghcr.io/acme/charts/app", ...hubFile }),
      );
    },
  );

  it("declares none where none is configured", async () => {
    const face = await declare({ how: "build" });
    expect(face.afterRelease?.({ parent: new Train("test:index:Train", "after-none") })).toEqual([]);
  });

  describe("that pins an image", () => {
    const pin = { path: "image.digest", form: "digest" as const, repository: "ghcr.io/acme/app", tag: "2.0.0" };
    const pinned = (known: string | undefined) => ({
      pins: [{ ...pin, artifact: "app", version: "2.0.0", digest: known }],
      versions: { appVersion: "2.0.0" },
      layer: digest("5"),
      packageName: "app-1.2.3.tgz",
    });
    const recorded = { path: "image.digest", form: "digest", artifact: "app", version: "2.0.0" };
    const image = { digest: pulumi.output(digest("e")), tagged: undefined };

    it("writes a digest that is known, and the package is planned like any other", async () => {
      const face = await declare({ how: "build" }, { name: "known", pinned: pinned(digest("d")) });
      expect(declared.get("chart/known@1.2.3")?.inputs).toMatchObject({
        layer: digest("5"),
        pins: [{ ...pin, digest: digest("d") }],
        versions: { appVersion: "2.0.0" },
      });
      expect([face.made, face.assets, face.pins]).toEqual([
        undefined,
        undefined,
        [{ ...recorded, digest: digest("d") }],
      ]);
    });

    it("waits for one that is not, and says what it has pushed", async () => {
      const face = await declare(
        { how: "build" },
        { name: "unknown", pinned: pinned(undefined) },
        new Map([["app", image]]),
      );
      expect(declared.get("chart/unknown@1.2.3")?.inputs).toMatchObject({ pins: [{ ...pin, digest: digest("e") }] });
      const known = await new Promise((resolve) =>
        pulumi.output({ made: face.made, assets: face.assets, pins: face.pins }).apply(resolve),
      );
      expect(known).toEqual({
        made: { buildInputs: "6".repeat(64), sourceHash: "6".repeat(64) },
        assets: [
          {
            name: "app-1.2.3.tgz",
            from: {
              path: "charts/app",
              sha256: "6".repeat(64),
              size: 700,
              packs: "chart",
              pins: [{ ...pin, digest: digest("e") }],
              versions: { appVersion: "2.0.0" },
            },
          },
        ],
        pins: [{ ...recorded, digest: digest("e") }],
      });
    });

    it("says of a published chart what its record says", async () => {
      const kept = [{ ...recorded, path: "image.sha", digest: digest("e") }];
      const one = { ...pinned(digest("d")), recorded: kept };
      expect((await declare({ how: "adopted", digest: digest("a") }, { pinned: one })).pins).toEqual(kept);
    });

    it("still says what an adopted chart pins", async () => {
      const face = await declare({ how: "adopted", digest: digest("b") }, { pinned: pinned(digest("d")) });
      expect([face.resources, face.pins, face.pinned]).toEqual([[], [{ ...recorded, digest: digest("d") }], ["app"]]);
    });
  });
});
