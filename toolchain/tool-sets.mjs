import { stackHasChart, stackKind } from "./stack-kind.mjs";
import { buildkit } from "./tools/buildkit.mjs";
import { chromium } from "./tools/chromium.mjs";
import { command } from "./tools/command.mjs";
import { cosign } from "./tools/cosign.mjs";
import { dockerBuild } from "./tools/docker-build.mjs";
import { gh } from "./tools/gh.mjs";
import { github } from "./tools/github.mjs";
import { helm } from "./tools/helm.mjs";
import { helmFiles } from "./tools/helm-files.mjs";
import { languageHost } from "./tools/language-host.mjs";
import { node, olderNode } from "./tools/node.mjs";
import { packages } from "./tools/packages.mjs";
import { postgresql } from "./tools/postgresql.mjs";
import { pulumi } from "./tools/pulumi.mjs";
import { registry } from "./tools/registry.mjs";
import { runc } from "./tools/runc.mjs";
import { fulcio, rekor, timestampAuthority } from "./tools/sigstore-servers.mjs";

/** @typedef {import("./machine/tool.mjs").Tool} Tool */

/**
 * Everything that some command needs, without what only tests need, in the order of the table.
 *
 * @type {readonly Tool[]}
 */
export const tools = [node, packages, registry, pulumi, languageHost, dockerBuild, github, buildkit, runc, helm];

/**
 * For commands that only run code of the project: fast tests, checks, and what asks GitHub and registries without Pulumi.
 *
 * @type {readonly Tool[]}
 */
export const codeTools = [node, packages];

/**
 * For the sandbox and a release of its example, as the stack `sandbox` configures it: helm only for a chart.
 *
 * @param {string} checkout the folder that has Pulumi.sandbox.yaml
 * @returns {readonly Tool[]}
 */
export function sandboxTools(checkout) {
  const withChart = stackHasChart(["--stack", "sandbox"], checkout);
  return tools.filter((tool) => tool !== github && (withChart || tool !== helm));
}

/**
 * For the tests: a browser to look at pages, a database that keeps state, and the commands that users verify signatures with;
 * and the plugin for programs that use @pulumi/command, which no command of this project needs.
 *
 * @type {readonly Tool[]}
 */
export const testTools = [...tools, command, chromium, postgresql, cosign, gh];

/**
 * For the conformance run: everything that the tests need, Sigstore's real servers in place of the sandbox's doubles, and what
 * charts are packaged and read with a second time.
 *
 * @type {readonly Tool[]}
 */
export const conformanceTools = [...testTools, fulcio, rekor, timestampAuthority, olderNode, helmFiles];

/**
 * For a command that runs Pulumi on one stack: its file decides which plugin that is, and whether helm is needed. A command
 * that names no stack ends with a question for it, or with its help, so it gets no Pulumi.
 *
 * @param {readonly string[]} args the command's own arguments
 * @param {string} folder the folder that it runs in
 * @returns {readonly Tool[]}
 */
export function stackTools(args, folder) {
  const engine = [...codeTools, pulumi, languageHost];
  const forCharts = stackHasChart(args, folder) ? [helm] : [];
  switch (stackKind(args, folder)) {
    case "none":
      return codeTools;
    case "organization":
      return [...engine, github];
    case "releases":
      return [...engine, dockerBuild, ...forCharts];
    case "unclear":
      return [...engine, dockerBuild, github, ...forCharts];
  }
}
