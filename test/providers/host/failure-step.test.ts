import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ReleaseError } from "../../../errors/release-error.ts";
import { StepFailure } from "../../../errors/step-failure.ts";
import { serveProviders } from "../../../providers/host/dynamic-provider.ts";
import type { Provider } from "../../../providers/host/provider.ts";
import { sourceFiles } from "../../code/source-files.ts";

const parts = { code: "TAG_CONFLICT", reason: "it names another digest", meaning: "m", fix: "f" } as const;

/** A host whose only provider fails with `thrown`, whatever is asked of it. */
function hostOf(thrown: Error): ReturnType<typeof serveProviders> {
  const fail = (): Promise<never> => Promise.reject(thrown);
  const failing: Provider<{ name: string }, Record<string, never>> = {
    phrase: ({ name }) => `making ${name}`,
    inputs: z.object({ name: z.string() }),
    identity: ["name"],
    id: ({ name }) => name,
    read: fail,
    reconcile: fail,
    remove: fail,
  };
  return serveProviders({ failing });
}

const inputs = { kind: "failing", name: "a thing" };

describe("dynamicProvider, when a provider fails", () => {
  const host = hostOf(new StepFailure(parts));

  it.each([
    ["create", () => host.create(inputs), "making a thing"],
    ["update", () => host.update("a thing", inputs, inputs), "making a thing"],
    ["read", () => host.read("a thing", inputs), "checking: making a thing"],
    ["delete", () => host.delete("a thing", inputs), "removing: making a thing"],
  ])("names the step by the provider's phrase: %s", async (_, run, step) => {
    const error = await run().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ReleaseError);
    expect((error as ReleaseError).parts).toEqual({ ...parts, step });
  });

  it("keeps the step of a failure that names a narrower one", async () => {
    const narrower = hostOf(new ReleaseError({ ...parts, step: "attaching a file" }));
    await expect(narrower.create(inputs)).rejects.toThrow(/^attaching a file failed \[TAG_CONFLICT\]/);
  });
});

describe("providers", () => {
  it("leave their phrase to the host: none is written a second time as a step", async () => {
    const files = await sourceFiles(["providers"]);
    const templates = files.flatMap(({ text }) =>
      [...text.matchAll(/phrase: [^`\n]*\s+?(`[^`]+`)/g)].map(([, at]) => at),
    );
    expect(templates.length).toBeGreaterThan(8);
    const steps = files.flatMap(({ text }) => [...text.matchAll(/step\b[^`\n]*(`[^`]+`)/g)].map(([, at]) => at));
    expect(steps.filter((step) => templates.includes(step))).toEqual([]);
  });
});
