import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { contributeStatement, findKnownStatement } from "../../../clients/sigstore/known-statement.ts";
import type { VerifiedBundle } from "../../../clients/sigstore/known-statement.ts";

const bundle: VerifiedBundle = {
  repository: "ghcr.io/acme/app",
  subject: `sha256:${"1".repeat(64)}`,
  manifest: `sha256:${"2".repeat(64)}`,
  identity: {
    issuer: "https://issuer.example",
    workflow: "acme/app/.github/workflows/release.yml",
    refs: "refs/tags/v*",
  },
  sigstore: { trustedRoot: "root.json" },
};
const statement = { predicateType: "https://example.com/type", predicate: { one: 1 } };
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-answers-"));
  vi.stubEnv("LOCKSTEP_RUN_FOLDER", folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe("findKnownStatement", () => {
  it("finds what was contributed of the same bundle, whatever the order of properties", async () => {
    await contributeStatement(bundle, statement);
    const { issuer, workflow, refs } = bundle.identity;
    expect(await findKnownStatement({ ...bundle, identity: { refs, workflow, issuer } })).toEqual(statement);
  });
  it.each<[string, Partial<VerifiedBundle>]>([
    ["repository", { repository: "ghcr.io/acme/other" }],
    ["subject", { subject: `sha256:${"3".repeat(64)}` }],
    ["manifest", { manifest: `sha256:${"4".repeat(64)}` }],
    ["identity", { identity: { ...bundle.identity, refs: "refs/heads/main" } }],
    ["Sigstore", { sigstore: { trustedRoot: "other.json" } }],
  ])("finds nothing of another %s", async (_, changes) => {
    await contributeStatement(bundle, statement);
    expect(await findKnownStatement({ ...bundle, ...changes })).toBeUndefined();
  });
});
