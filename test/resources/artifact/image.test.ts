import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import { beforeAll, describe, expect, it } from "vitest";
import type { Decision } from "../../../plan/artifact/adoption.ts";
import type { ImagePlan } from "../../../plan/artifact/image.ts";
import type { ReleasePlan } from "../../../plan/release/release.ts";
import { image } from "../../../resources/artifact/image.ts";
import { digest } from "../../plan/made-up-project.ts";

/** A request to register a resource, as far as it is read here. */
interface Registration {
  getName(): string;
  getIgnorechangesList(): string[];
}

class Train extends pulumi.ComponentResource {}

/** By name of the resource: inputs whose changes the engine is told to ignore. */
const ignored = new Map<string, string[]>();

function planned(decision: Decision): ImagePlan {
  return {
    kind: "image",
    name: decision.how,
    ociRepository: "ghcr.io/acme/app",
    tag: "1.2.3",
    buildInputs: "0".repeat(64),
    sourceHash: "",
    parameters: {},
    sbom: undefined,
    attestations: undefined,
    children: [{ platform: "linux/amd64", digest: digest("b") }],
    decision,
    context: ".",
    dockerfile: "Dockerfile",
    target: undefined,
    platforms: ["linux/amd64"],
    buildArgs: {},
    labels: { "org.opencontainers.image.licenses": "MIT" },
    sourceDateEpoch: 0,
    buildOnPreview: true,
  };
}

async function declared(decision: Decision) {
  const parent = new Train("test:index:Train", `train-${decision.how}`);
  const face = image(planned(decision), { version: "1.2.3" } as ReleasePlan, { parent });
  await new Promise((resolve) => pulumi.output(face.digest).apply(resolve));
  return face;
}

describe("image", () => {
  beforeAll(async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: name, state: { ...(inputs as object), digest: digest("a") } }),
      call: ({ inputs }) => inputs as Record<string, unknown>,
    });
    const monitor = getMonitor()! as { registerResource(request: Registration, answer: unknown): void };
    const register = monitor.registerResource.bind(monitor);
    Object.assign(monitor, {
      // The engine in Pulumi's mocks does not know error hooks, which images have.
      registerErrorHook: (_: unknown, answer: (error: null, empty: object) => void) => answer(null, {}),
      registerResource: (request: Registration, answer: unknown) => {
        ignored.set(request.getName(), request.getIgnorechangesList());
        return register(request, answer);
      },
    });
  });

  it("keeps the index that this stack has published, whatever the labels would be today", async () => {
    await declared({ how: "built", digest: digest("a") });
    expect(ignored.get("index/built@1.2.3")).toEqual(["annotations"]);
    expect(ignored.get("image/built@1.2.3/linux-amd64")).toContain("labels");
  });

  it("ignores no change of what is not published", async () => {
    await declared({ how: "build" });
    expect([ignored.get("index/build@1.2.3"), ignored.get("image/build@1.2.3/linux-amd64")]).toEqual([[], []]);
  });

  it("declares nothing for an image that is adopted, and knows its platforms", async () => {
    const face = await declared({ how: "adopted", digest: digest("a") });
    expect(face).toEqual({
      digest: digest("a"),
      resources: [],
      children: [{ platform: "linux/amd64", digest: digest("b") }],
    });
  });
});
