import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isOrganization, readOrganization } from "../../config/organization/organization.ts";
import { ReleaseSpec } from "../../config/release/release-spec.ts";
import { readSpec } from "../../config/release/read-spec.ts";
import { levelsOf } from "./schema-levels.ts";
import { codeBlocks, files, firstColumn, page, root, sections } from "./markdown.ts";
import type { CodeBlock } from "./markdown.ts";

/** What `${NAME}` in the examples stands for. */
const environment = { REGISTRY: "ghcr.io", VERSION: "1.2.3" };
const charts = ["docs/migrate-charts.md", "docs/resources/chart.md"];
const blocks = await codeBlocks(
  await files(["README.md", "docs/adopt.md", "docs/configuration.md", ...charts]),
  "yaml",
);
const wholes = blocks.filter((block) => "config" in parsed(block));
const fragments = blocks.filter(({ info }) => info.split(" ").includes("fragment"));
const workflows = blocks.filter((block) => "jobs" in parsed(block));

describe("the configurations in the docs", () => {
  it.each(wholes.map((block) => [placeOf(block), block] as const))("%s is accepted", (_, block) => {
    expect(mistakesOf(parsed(block)["config"] as Record<string, unknown>)).toEqual([]);
  });

  it.each(fragments.map((block) => [placeOf(block), block] as const))(
    "the fragment %s is accepted in a whole",
    (_, block) => {
      expect(mistakesOf(completed(parsed(block)))).toEqual([]);
    },
  );

  it("every YAML block is a configuration, a fragment or a workflow", () => {
    const known = new Set([...wholes, ...fragments, ...workflows]);
    expect(blocks.filter((block) => !known.has(block)).map(placeOf)).toEqual([]);
  });

  it("the short form and the long form of the first example mean the same", async () => {
    const [short, long] = wholes.filter((block) => block.page === "docs/configuration.md");
    expect(specOf(parsed(short!)["config"] as Record<string, unknown>)).toEqual(
      specOf(parsed(long!)["config"] as Record<string, unknown>),
    );
  });
});

describe("the workflows in the docs", () => {
  it.each(workflows.flatMap((block) => actionsOf(block.text).map((action) => [action, placeOf(block)] as const)))(
    "%s in %s is pinned to a full commit id and says its version",
    (action) => {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    },
  );

  it.each(workflows.map((block) => [placeOf(block), parsed(block)] as const))(
    "%s gives no permission to the whole workflow",
    (_, workflow) => {
      expect(workflow["permissions"]).toEqual({});
    },
  );

  it("a job that runs `npm run release` has a concurrency group that waits", () => {
    const jobs = workflows.flatMap((block) => Object.values(parsed(block)["jobs"] as Record<string, Job>));
    const releasing = jobs.filter(({ steps }) => steps.some(({ run }) => run?.includes("npm run release")));
    expect(releasing).not.toEqual([]);
    for (const { concurrency } of releasing) {
      expect(concurrency).toEqual({ group: expect.stringContaining("lockstep"), "cancel-in-progress": false });
    }
  });
});

describe("the reference of keys", async () => {
  const documented = new Map(
    sections(await page("docs/configuration.md"))
      .filter(({ title }) => title === "Top level" || /^`[a-z[\].]+`$/i.test(title))
      .map(({ title, text }) => [title === "Top level" ? "" : title.replaceAll("`", ""), firstColumn(text)]),
  );
  const levels = levelsOf(ReleaseSpec, "");

  it.each(levels)("the table of `%s` has exactly the keys of the schema", (path, keys) => {
    expect(documented.get(path)?.toSorted()).toEqual(keys.toSorted());
  });

  it("there is no table of a level that the schema does not have", () => {
    expect([...documented.keys()].toSorted()).toEqual(levels.map(([path]) => path).toSorted());
  });
});

describe("the reference of environment variables", async () => {
  const section =
    sections(await page("docs/configuration.md")).find(({ title }) => title === "Environment variables")?.text ?? "";
  const [ours = "", pulumis = ""] = section.split("Read by Pulumi");

  it("the table has exactly the variables that the program reads", async () => {
    const folders = "{index.ts,{clients,config,errors,formats,observe,plan,programs,providers,resources}/**/*.ts}";
    expect(firstColumn(ours).toSorted()).toEqual(await variablesIn(folders));
  });

  it("Pulumi's table has exactly the variables that the scripts set", async () => {
    const texts = ["stack-run.ts", "checkpoints.ts"].map((name) =>
      readFile(join(root, "commands/stack", name), "utf8"),
    );
    const text = (await Promise.all(texts)).join("\n");
    expect(firstColumn(pulumis).toSorted()).toEqual([...new Set(text.match(/\bPULUMI_[A-Z_]+/g))].toSorted());
  });
});

interface Job {
  steps: { run?: string }[];
  concurrency?: unknown;
}

function parsed(block: CodeBlock): Record<string, unknown> {
  return parse(block.text) as Record<string, unknown>;
}

function placeOf({ page: path, line }: CodeBlock): string {
  return `${path}:${line}`;
}

/** Keys with namespace and values as text: what Pulumi makes of a stack's file. */
function asPulumiGives(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      value !== null && typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
}

function mistakesOf(config: Readonly<Record<string, unknown>>): unknown[] {
  const given = asPulumiGives(config);
  if (isOrganization(given)) {
    return readOrganization(given, environment).mistakes;
  }
  return readSpec(given, environment).mistakes;
}

function specOf(config: Readonly<Record<string, unknown>>): unknown {
  const { spec } = readSpec(asPulumiGives(config), environment);
  if (spec === undefined) {
    throw new Error("the example is not accepted");
  }
  return spec;
}

/** What a fragment leaves out. */
function completed(fragment: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const hasArtifact = ["lockstep:image", "lockstep:images", "lockstep:assets", "lockstep:charts"].some(
    (key) => key in fragment,
  );
  return {
    "lockstep:repository": "acme/widgets",
    "lockstep:signing": "off",
    ...(hasArtifact ? {} : { "lockstep:image": "ghcr.io/acme/widgets" }),
    ...fragment,
  };
}

function actionsOf(text: string): string[] {
  return [...text.matchAll(/^\s*- uses: (.*)$/gm)].map(([, action]) => action ?? "");
}

async function variablesIn(pattern: string): Promise<string[]> {
  const names = new Set<string>();
  for (const path of await files(pattern)) {
    const text = await readFile(join(root, path), "utf8");
    for (const [, name] of text.matchAll(/(?:process\.env|readPositiveNumber)[[(]"([A-Z_]+)"/g)) {
      names.add(name ?? "");
    }
    for (const [, list] of text.matchAll(/const \{([^}]*)\} = process\.env/g)) {
      for (const name of (list ?? "").split(",")) {
        names.add(name.trim());
      }
    }
  }
  return [...names].toSorted();
}
