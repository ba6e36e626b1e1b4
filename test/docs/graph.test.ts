import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { disconnect, getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import { beforeAll, describe, expect, it } from "vitest";
import type { ImagePlan } from "../../plan/artifact/image.ts";
import type { ReleasePlan } from "../../plan/release/release.ts";
import { ReleaseTrain } from "../../resources/release/release-train.ts";
import { codeBlocks } from "./markdown.ts";

/** When a resource was asked for and when it was there, counted. */
interface Span {
  begin: number;
  end: number;
}

const made = new Map<string, Span>();
const [drawing] = await codeBlocks(["docs/resources/README.md"], "mermaid");
const { nodes, edges } = drawn(drawing?.text ?? "");

describe("the graph in the docs", () => {
  beforeAll(async () => {
    let clock = 0;
    await pulumi.runtime.setMocks({
      newResource: async ({ name, inputs }) => {
        const begin = clock++;
        // What may run beside each other then overlaps.
        await delay(20);
        made.set(name, { begin, end: clock++ });
        return { id: name, state: { ...(inputs as object), digest: `sha256:${"0".repeat(64)}` } };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    });
    // The engine in Pulumi's mocks does not know error hooks, which images have.
    Object.assign(getMonitor()!, {
      registerErrorHook: (_: unknown, answer: (error: null, empty: object) => void) => answer(null, {}),
    });
    const train = new ReleaseTrain(releasePlan());
    await new Promise((resolve) => pulumi.output(train.released.release).apply(resolve));
    // What comes after the Release is registered only now.
    await disconnect(false);
  }, 20_000);

  it("the drawing has exactly the resources of the program", () => {
    const resources = [...made.keys()].filter((name) => name !== "widgets@1.2.3");
    expect([...nodes.values()].toSorted()).toEqual(resources.toSorted());
  });

  it.each(edges)("%s → %s: the second begins when the first is done", (from, to) => {
    expect(made.get(nameOf(from))?.end).toBeLessThan(made.get(nameOf(to))?.begin ?? -1);
  });

  it.each([
    ["appAmd", "appArm"],
    ["appAmd", "workerAmd"],
    ["appIndex", "workerIndex"],
    ["appTag", "workerTag"],
  ])("%s and %s, which no arrow joins, run beside each other", (a, b) => {
    const [first, second] = [made.get(nameOf(a))!, made.get(nameOf(b))!];
    expect(first.begin).toBeLessThan(second.end);
    expect(second.begin).toBeLessThan(first.end);
  });
});

/** Nodes by their short name, and edges between short names. */
function drawn(text: string): { nodes: Map<string, string>; edges: [from: string, to: string][] } {
  const named = new Map([...text.matchAll(/(\w+)\["([^"]+)"\]/g)].map(([, short = "", label = ""]) => [short, label]));
  const arrows = [...text.replaceAll(/\["[^"]+"\]/g, "").matchAll(/(\w+) --> (\w+)/g)];
  return { nodes: named, edges: arrows.map(([, from = "", to = ""]) => [from, to]) };
}

function nameOf(short: string): string {
  return nodes.get(short) ?? `${short} (a node without a name)`;
}

function imagePlan(name: string, platforms: readonly string[]): ImagePlan {
  return {
    kind: "image",
    name,
    ociRepository: `ghcr.io/acme/${name}`,
    tag: "1.2.3",
    buildInputs: "0".repeat(64),
    sourceHash: "",
    parameters: {},
    sbom: undefined,
    attestations: undefined,
    children: [],
    decision: { how: "build" },
    context: ".",
    dockerfile: "Dockerfile",
    target: undefined,
    platforms,
    buildArgs: {},
    labels: {},
    sourceDateEpoch: 0,
    buildOnPreview: true,
  };
}

const signing = {
  issuer: "https://token.actions.githubusercontent.com",
  workflow: "acme/widgets/.github/workflows/release.yml",
  refs: "refs/tags/*",
};

function releasePlan(): ReleasePlan {
  return {
    unit: "widgets",
    version: "1.2.3",
    from: "configuration",
    unitVersion: "widgets@1.2.3",
    provisional: false,
    prerelease: false,
    latest: true,
    repository: "acme/widgets",
    revision: "0".repeat(40),
    head: "0".repeat(40),
    gitTag: "v1.2.3",
    tagPattern: "v{version}",
    title: "v1.2.3",
    notes: "",
    artifacts: [
      { ...imagePlan("app", ["linux/amd64", "linux/arm64"]), sbom: { path: "app.spdx.json", sha256: "0".repeat(64) } },
      imagePlan("worker", ["linux/amd64"]),
    ],
    assets: [],
    signing,
    recordedSigning: signing,
    sigstore: {},
    githubAttestations: "auto",
    packageRegistry: "ghcr.io",
    source: "https://github.com/acme/widgets",
    leftOut: [],
    unreadable: [],
    published: false,
  };
}
