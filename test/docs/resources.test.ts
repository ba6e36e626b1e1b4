import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { byKind } from "../../providers/all-providers.ts";
import { loader } from "../../resources/dynamic-resource.ts";
import { codeBlocks, files, firstColumn, page, root } from "./markdown.ts";

const classes = await resourceClasses();

describe("the reference of resources", () => {
  it("every resource class has a page named after its file, and every page is of a resource", async () => {
    const found = await files("docs/resources/*.md");
    const wanted = ["README.md", "image.md", "chart.md", ...classes.map(({ file }) => file.replace(/\.ts$/, ".md"))];
    expect(found.map((path) => basename(path)).toSorted()).toEqual(wanted.toSorted());
  });

  it.each(classes)("the page of $name names the class", async ({ name, kind }) => {
    expect(await page(`docs/resources/${kind}.md`)).toMatch(new RegExp(`^# ${name}\n`));
  });

  it.each(classes)("the page of $name has exactly the inputs that its provider takes", async ({ kind }) => {
    const [inputs = ""] = (await page(`docs/resources/${kind}.md`)).split("| output |");
    const { shape } = byKind[kind]!.inputs as unknown as { shape: Record<string, unknown> };
    // `complete` and `verdict` are set by the class itself.
    expect(firstColumn(inputs).toSorted()).toEqual(
      Object.keys(shape)
        .filter((key) => key !== "complete" && key !== "verdict")
        .toSorted(),
    );
  });

  it.each(classes)("the page of $name has exactly the outputs that its class has", async ({ kind, outputs }) => {
    const [, text = ""] = (await page(`docs/resources/${kind}.md`)).split("| output |");
    // The page may have other tables below.
    const [table = ""] = text.split("\n\n");
    expect(firstColumn(table)).toEqual(outputs);
  });

  it("the loader line that the docs show is the one in the state", async () => {
    const [shown] = await codeBlocks(["docs/resources/README.md"], "js");
    expect(shown?.text.trim()).toBe(loader);
  });
});

describe("the examples of resources", async () => {
  const names = ["image", "chart", ...classes.map(({ kind }) => kind)];
  const blocks = await codeBlocks(
    names.map((name) => `docs/resources/${name}.md`),
    "ts",
  );

  it("every page has one", () => {
    expect(blocks.map((block) => basename(block.page, ".md"))).toEqual(names);
  });

  // The compiler reads the program and all of its packages: seconds, and more on a busy machine.
  const compiling = 180_000;

  it(
    "all of them type-check",
    () => {
      expect(
        complaints(
          new Map(blocks.map((block) => [join(root, `example-${basename(block.page, ".md")}.ts`), block.text])),
        ),
      ).toEqual([]);
    },
    compiling,
  );

  it(
    "a wrong one would not",
    () => {
      const wrong =
        'import { OciTag } from "./resources/artifact/oci-tag.ts";\nexport const tag = new OciTag("tag", { repository: 1 });\n';
      expect(complaints(new Map([[join(root, "example-wrong.ts"), wrong]]))).not.toEqual([]);
    },
    compiling,
  );
});

interface ResourceClass {
  name: string;
  file: string;
  kind: string;
  outputs: string[];
}

async function resourceClasses(): Promise<ResourceClass[]> {
  const found = (await files("resources/**/*.ts")).map(async (path) => {
    const text = await readFile(join(root, path), "utf8");
    const name = /^export class (\w+) extends DynamicResource/m.exec(text)?.[1];
    if (name === undefined) {
      return [];
    }
    const outputs = [...text.matchAll(/declare readonly (\w+):/g)].map(([, output]) => output ?? "");
    return [{ name, file: basename(path), kind: basename(path, ".ts"), outputs }];
  });
  return (await Promise.all(found)).flat();
}

/** Type errors of programs in the project's folder that are on no disk. */
function complaints(programs: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile: onDisk, getSourceFile } = host;
  host.fileExists = (path) => programs.has(path) || fileExists(path);
  host.readFile = (path) => programs.get(path) ?? onDisk(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = programs.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram([...programs.keys()], options, host);
  return [...programs.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText }) => `${basename(path)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  });
}
