import { buildkit } from "./tools/buildkit.mjs";
import { chromium } from "./tools/chromium.mjs";
import { cosign } from "./tools/cosign.mjs";
import { dockerBuild } from "./tools/docker-build.mjs";
import { gh } from "./tools/gh.mjs";
import { github } from "./tools/github.mjs";
import { languageHost } from "./tools/language-host.mjs";
import { node } from "./tools/node.mjs";
import { packages } from "./tools/packages.mjs";
import { postgresql } from "./tools/postgresql.mjs";
import { pulumi } from "./tools/pulumi.mjs";
import { registry } from "./tools/registry.mjs";
import { runc } from "./tools/runc.mjs";
import { fulcio, rekor, timestampAuthority } from "./tools/sigstore-servers.mjs";

/** @typedef {import("./machine/tool.mjs").Tool} Tool */

/**
 * What every command needs, in the order of the table. The registry comes before what may be downloaded: its build needs no
 * npm.
 *
 * @type {readonly Tool[]}
 */
export const tools = [node, packages, registry, pulumi, languageHost, dockerBuild, github, buildkit, runc];

/**
 * What reads the code and runs it in one process needs: the fast tests, for one.
 *
 * @type {readonly Tool[]}
 */
export const codeTools = [node, packages];

/**
 * What the tests need: they look at pages with a browser, keep state in a database, and verify signatures with the commands that
 * users have.
 *
 * @type {readonly Tool[]}
 */
export const testTools = [...tools, chromium, postgresql, cosign, gh];

/**
 * What the conformance run needs: all of the tests', and Sigstore's real servers in the place of the sandbox's doubles.
 *
 * @type {readonly Tool[]}
 */
export const conformanceTools = [...testTools, fulcio, rekor, timestampAuthority];
