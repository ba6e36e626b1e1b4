/** What code may touch beside other code: nothing, the machine (files, and processes through execa), sockets as well, or anything. */
export type Reach = "pure" | "machine" | "network" | "anything";

/** A top-level folder of the product, or a part of one with rules of its own. */
export interface Layer {
  /** Path from the root of the checkout, without a slash at its end. */
  folder: string;
  /** What it holds, in a few words, for docs/architecture.md. */
  holds: string;
  /** Folders that it may import from, beside itself. */
  imports: readonly string[];
  /** Folders of which it may import types only. Default: none. */
  importsTypesOf?: readonly string[];
  reach: Reach;
  /** Whether it may import `@pulumi/…`. Default: no. */
  pulumi?: boolean;
}

/**
 * The layers, in the way of the data: no layer imports one that stands below it. The linter's rules, the diagram in docs/architecture.md and
 * the tests in test/code/ are made from this table, so that a rule changes in one place.
 */
export const layers: readonly Layer[] = [
  {
    folder: "errors",
    holds: "the closed set of error codes, and how each is worded",
    imports: [],
    reach: "pure",
  },
  {
    folder: "formats",
    holds: "texts and documents that other programs read: records, labels, tags",
    imports: [],
    reach: "pure",
  },
  {
    folder: "config",
    holds: "what a user may write, as zod schemas",
    imports: ["errors", "formats"],
    reach: "pure",
  },
  {
    folder: "clients",
    holds: "registries, GitHub, Sigstore, lock stores: the only code that opens a socket",
    imports: ["errors", "formats"],
    reach: "network",
  },
  {
    folder: "packaging",
    holds:
      "folders of the work tree as the packages that they make: planned from, and made again to be pushed; helm, which checks them",
    imports: ["errors", "formats"],
    reach: "machine",
  },
  {
    folder: "observe/source",
    holds: "what is in the work tree: git and files",
    imports: ["errors", "formats", "config", "packaging"],
    reach: "machine",
  },
  {
    folder: "observe/published",
    holds: "what is published already: registry and GitHub, read only",
    imports: ["errors", "formats", "config", "clients"],
    reach: "machine",
  },
  {
    folder: "plan",
    holds: "what a run is to do, computed from what was read",
    imports: ["errors", "formats", "config"],
    importsTypesOf: ["observe"],
    reach: "pure",
  },
  {
    folder: "providers",
    holds: "dynamic providers: each makes one thing true and returns what it read back",
    imports: ["errors", "formats", "clients", "packaging"],
    reach: "machine",
  },
  {
    folder: "resources",
    holds: "the Pulumi graph: resources and the edges between them",
    imports: ["errors", "formats", "plan"],
    importsTypesOf: ["providers"],
    reach: "pure",
    pulumi: true,
  },
  {
    folder: "programs",
    holds: "what a stack is: a release, or an organization's settings",
    imports: ["errors", "formats", "config", "clients", "observe", "plan", "resources"],
    reach: "machine",
    pulumi: true,
  },
  {
    folder: "commands",
    holds: "`npm run …`: one file a command",
    imports: ["errors", "formats", "config", "clients", "observe", "plan", "sandbox"],
    reach: "machine",
  },
  {
    folder: "sandbox",
    holds: "local stand-ins for GitHub, registries and Sigstore; they do not know the product",
    imports: [],
    reach: "anything",
    pulumi: true,
  },
  {
    folder: "toolchain",
    holds: "gets Pulumi, plugins and tools onto the machine; it runs before anything is installed",
    imports: [],
    reach: "anything",
    pulumi: true,
  },
];

/** Files with a greater reach than their layer has, each for a reason that it explains itself. */
export const exceptions: readonly { file: string; reach: Reach }[] = [
  { file: "providers/host/engine-watch.ts", reach: "network" },
];

/** The top-level folders of the layers, each once, in the order of the table. */
export const layerFolders: readonly string[] = [...new Set(layers.map(({ folder }) => folder.split("/")[0] ?? folder))];
