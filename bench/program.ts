import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

const checkout = new URL("..", import.meta.url).pathname;

/**
 * Writes a Pulumi program to compare with, which may import what Lockstep's own may.
 * @param code JavaScript
 * @returns the folder
 */
export async function writeProgram(folder: string, code: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
  await writeFile(
    join(folder, "Pulumi.yaml"),
    "name: lockstep\nruntime: {name: nodejs, options: {typescript: false}}\noptions: {refresh: always}\n",
  );
  await writeFile(join(folder, "package.json"), '{"type": "module", "main": "index.js"}\n');
  await writeFile(join(folder, "index.js"), code);
  return folder;
}

/**
 * The code of a program that builds images as a release does, one for each platform, and pushes them by digest. Nothing else: no index, no tag.
 * The resources are in `builds`.
 * @param context folder of the Dockerfile
 */
export function buildingProgram(context: string, images: readonly { repository: string; platform: string }[]): string {
  return `import * as dockerBuild from "@pulumi/docker-build";
const builder = process.env.BUILDX_BUILDER;
const builds = ${JSON.stringify(images)}.map(({ repository, platform }) => new dockerBuild.Image(\`\${repository}-\${platform}\`, {
  context: { location: ${JSON.stringify(context)} },
  dockerfile: { location: ${JSON.stringify(join(context, "Dockerfile"))} },
  platforms: [platform],
  exports: [{ raw: \`type=image,push=true,push-by-digest=true,name=\${repository},oci-mediatypes=true,rewrite-timestamp=true,source-date-epoch=0\` }],
  push: false,
  ...(builder ? { builder: { name: builder } } : {}),
}, { retainOnDelete: true }));
`;
}

/**
 * The code of a program whose resources do nothing, in chains of which each resource waits for the one before it: the least that the engine
 * needs for so many. Their provider is a text as short as Lockstep's.
 * @param first what the first resource of each chain waits for, as an expression. Default: nothing
 */
export function idleProgram(chains: number, length: number, first = "[]"): string {
  return `import * as pulumi from "@pulumi/pulumi";
const provider = \`exports.handler = () => ({
  check: async (olds, inputs) => ({ inputs }),
  diff: async () => ({}),
  create: async (inputs) => ({ id: "none", outs: inputs }),
  read: async (id, props) => ({ id, props }),
  update: async (id, olds, news) => ({ outs: news }),
  delete: async () => {},
});\`;
for (let chain = 0; chain < ${chains}; chain++) {
  let last = ${first};
  for (let at = 0; at < ${length}; at++) {
    const options = { dependsOn: last, retainOnDelete: true };
    last = [new pulumi.CustomResource("pulumi-nodejs:dynamic/bench:Idle", \`\${chain}-\${at}\`, { __provider: provider }, options)];
  }
}
`;
}
