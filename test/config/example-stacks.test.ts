import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isOrganization, readOrganization } from "../../config/organization/organization.ts";
import { readSpec } from "../../config/release/read-spec.ts";
import { root } from "../code/source-files.ts";
import { files } from "../docs/markdown.ts";

const stacks = await files("Pulumi.*.yaml");
/** What `${NAME}` in the stack of the sandbox stands for. */
const environment = { SANDBOX_REGISTRY: "127.0.0.1:5000", SANDBOX_ISSUER: "http://127.0.0.1:5001" };

/** The configuration of a stack's file as Pulumi hands it to the program. */
async function configOf(stack: string): Promise<Record<string, string>> {
  const { config } = parse(await readFile(join(root, stack), "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

describe("the example stacks", () => {
  it("are of every kind", () => {
    expect(stacks).toEqual(["Pulumi.charts.yaml", "Pulumi.org.yaml", "Pulumi.prod.yaml", "Pulumi.sandbox.yaml"]);
  });

  it.each(stacks)("have no mistake: %s", async (stack) => {
    const config = await configOf(stack);
    const read = isOrganization(config) ? readOrganization(config, environment) : readSpec(config, environment);
    expect(read.mistakes).toEqual([]);
    expect(read.spec).toBeDefined();
  });

  it("sign charts on the branch that the organization's example protects", async () => {
    const { spec } = readSpec(await configOf("Pulumi.charts.yaml"), environment);
    const { spec: organization } = readOrganization(await configOf("Pulumi.org.yaml"), environment);
    const charts = organization?.repositories.find(({ names }) => names.includes("charts"));
    const { signing, tag = "" } = spec?.charts ?? {};
    expect(signing).toMatchObject({ refs: "refs/heads/release" });
    expect(charts?.releaseProtection?.branches).toContain("release");
    expect(charts?.immutableTags?.tags).toEqual([tag.replace("{name}", "*").replace("{version}", "*")]);
  });
});
