import { exceptions, layerFolders, layers } from "./layers.ts";
import type { Layer, Reach } from "./layers.ts";

/** A pattern of the linter's rule `no-restricted-imports`. */
interface Refusal {
  /** Of the text after `from`. */
  regex: string;
  message: string;
  allowTypeImports?: boolean;
}

/** The linter's rules for the files of one layer. */
export interface LayerRules {
  files: string[];
  rules: Record<string, ["error", ...unknown[]]>;
}

const sockets = "node:(?:net|http|https|http2|tls|dgram)|bottleneck|pg|@octokit/.*";
const machine = "node:(?:fs|fs/promises|child_process|worker_threads)|execa|p-retry";
const processes: Refusal = { regex: "^node:child_process$", message: "execa starts processes here." };
const outside = ["test", "bench", "lint"];

/** The rules that keep the way of the data, one entry a layer, in the form of the linter's `overrides`. */
export function layerRules(): LayerRules[] {
  const ofLayers = layers.map((layer) => rulesOf(layer, `${layer.folder}/**`, layer.reach));
  const ofFiles = exceptions.map(({ file, reach }) => {
    const layer = layers.find(({ folder }) => file.startsWith(`${folder}/`));
    if (!layer) {
      throw new Error(`${file} is in no layer`);
    }
    return rulesOf(layer, file, reach);
  });
  return [...ofLayers, ...ofFiles];
}

function rulesOf(layer: Layer, files: string, reach: Reach): LayerRules {
  const patterns = [...foldersRefused(layer), ...packagesRefused(layer, reach)];
  const globals = ["fetch", "WebSocket", "EventSource", "XMLHttpRequest"].map((name) => ({
    name,
    message: "Only clients/ opens a socket.",
  }));
  return {
    files: [files],
    rules: {
      "no-restricted-imports": ["error", { patterns }],
      ...(reach === "network" || reach === "anything" ? {} : { "no-restricted-globals": ["error", ...globals] }),
    },
  };
}

function foldersRefused({ folder, imports, importsTypesOf = [] }: Layer): Refusal[] {
  const own = folder.split("/")[0] ?? folder;
  const allowed = [...imports, ...importsTypesOf, own];
  const refused = [...layerFolders, ...outside].filter((name) => !allowed.includes(name));
  const what =
    imports.length > 0 ? `imports ${imports.map((name) => `${name}/`).join(", ")}` : "imports nothing of the product";
  const types = importsTypesOf.length > 0 ? ` and types of ${importsTypesOf.map((name) => `${name}/`).join(", ")}` : "";
  return [
    {
      regex: `^(?:\\.\\./)+(?:${refused.join("|")})/`,
      message: `${folder}/ ${what}${types}. See docs/architecture.md.`,
    },
    ...importsTypesOf.map((name) => ({
      regex: `^(?:\\.\\./)+${name}/`,
      message: `${folder}/ imports only types of ${name}/.`,
      allowTypeImports: true,
    })),
    { regex: "^(?:\\.\\./)+index\\.ts$", message: "Nothing imports index.ts: it is the program." },
  ];
}

function packagesRefused({ folder, pulumi }: Layer, reach: Reach): Refusal[] {
  const reaches: Record<Reach, Refusal[]> = {
    pure: [
      {
        regex: `^(?:${machine}|${sockets})$`,
        message: `${folder}/ is pure: no files, no processes, no network.`,
      },
    ],
    machine: [{ regex: `^(?:${sockets})$`, message: "Only clients/ opens a socket." }, processes],
    network: [processes],
    anything: [],
  };
  return [
    ...reaches[reach],
    ...(pulumi ? [] : [{ regex: "^@pulumi/", message: "Only resources/ and programs/ know Pulumi." }]),
  ];
}
