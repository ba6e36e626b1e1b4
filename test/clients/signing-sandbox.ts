import { execa } from "execa";
import { beforeEach } from "vitest";
import type { StoredBundle } from "../../clients/signing.ts";
import type { SigstoreInstance } from "../../clients/sigstore-instance.ts";
import type { SandboxOptions } from "../../sandbox/sandbox.ts";
import { digestOf, MANIFEST, registryClient } from "../sandbox/registry-client.ts";
import { connectedSandbox } from "./connected-sandbox.ts";

/** The workflow that signs unless a test says another. */
export const workflow = "acme/widgets/.github/workflows/release.yml";

/** An image that no other test has, and what a Signature of it is told. */
export interface SignableImage {
  /** With its registry. */
  repository: string;
  /** Without it. */
  name: string;
  digest: string;
  /** `repository@digest`. */
  reference: string;
  /** Of a Signature by the release workflow. */
  inputs: {
    repository: string;
    digest: string;
    identity: { issuer: string; workflow: string; refs: string };
    sigstore: { trustedRoot: string; signingConfig: string };
  };
}

/**
 * A connected sandbox in which this process may sign: it runs as the release workflow for the tag v1.0.0, and again so before each test.
 */
export function signingSandbox(options: Partial<SandboxOptions> = {}) {
  const world = connectedSandbox(options);
  const runAs = (file = workflow, ref = "refs/tags/v1.0.0"): void =>
    world.sandbox.sigstore.identity.set({ ref, job_workflow_ref: `${file}@${ref}` });
  beforeEach(() => runAs());
  const identity = (changes: { issuer?: string; workflow?: string; refs?: string } = {}) => ({
    issuer: world.sandbox.sigstore.issuer,
    workflow,
    refs: "refs/tags/*",
    ...changes,
  });
  const instance = (rekor: 1 | 2 = 1) => {
    const { trustedRoot, signingConfig, signingConfigV2 } = world.sandbox.sigstore;
    return { trustedRoot, signingConfig: rekor === 1 ? signingConfig : signingConfigV2 } satisfies SigstoreInstance;
  };
  /** Pushes an image whose bytes no other test has. */
  const image = async (rekor: 1 | 2 = 1): Promise<SignableImage> => {
    const { repository, name } = world.image();
    const digest = await registryClient(world.sandbox).pushImage(name, "one", `the image ${name}`);
    const inputs = { repository, digest, identity: identity(), sigstore: instance(rekor) };
    return { repository, name, digest, reference: `${repository}@${digest}`, inputs };
  };
  /** Real cosign, which knows nothing of Lockstep: exit code, and one line of JSON for each bundle that it accepts. */
  const cosign = async (verb: string, ...rest: string[]) => {
    const { trustedRoot, issuer } = world.sandbox.sigstore;
    const expected = `https://github.com/${workflow}@refs/tags/v1.0.0`;
    const trust = ["--trusted-root", trustedRoot, "--certificate-identity", expected];
    const run = await execa("cosign", [verb, ...trust, "--certificate-oidc-issuer", issuer, ...rest], {
      env: world.sandbox.environment,
      all: true,
      reject: false,
    });
    const accepted = run.stdout.split("\n").filter((line) => line.startsWith("{")).length;
    return { exitCode: run.exitCode, accepted, output: run.all };
  };
  /** Digests of what the list that stands for a digest's referrers names, as it lies in the registry. */
  const listed = async ({ name, digest }: SignableImage): Promise<string[]> => {
    const client = registryClient(world.sandbox);
    const token = await client.bearer([`repository:${name}:pull`]);
    const answer = await client.send("GET", `/v2/${name}/manifests/${digest.replace(":", "-")}`, token, {
      headers: { accept: indexType },
    });
    if (answer.status === 404) return [];
    return ((await answer.json()) as { manifests: { digest: string }[] }).manifests.map((each) => each.digest);
  };
  /** Writes that list, as anybody may who may push. */
  const list = async ({ name, digest }: SignableImage, manifests: readonly object[]): Promise<void> => {
    const body = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
    await put(name, digest.replace(":", "-"), indexType, body);
  };
  /** Attaches a layer of any bytes and type to an image by hand, as the only referrer. */
  const attachByHand = async (to: SignableImage, layer: { mediaType: string; text: string }): Promise<void> => {
    const [content, config] = [await pushBlob(to.name, layer.text), await pushBlob(to.name, "{}")];
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType: layer.mediaType,
      config: { mediaType: "application/vnd.oci.empty.v1+json", ...config },
      layers: [{ mediaType: layer.mediaType, ...content }],
      subject: { mediaType: MANIFEST, digest: to.digest, size: 1 },
    });
    const digest = digestOf(manifest);
    await put(to.name, digest, MANIFEST, manifest);
    await list(to, [{ mediaType: MANIFEST, digest, size: Buffer.byteLength(manifest) }]);
  };
  const pushBlob = async (name: string, text: string): Promise<{ digest: string; size: number }> => {
    const client = registryClient(world.sandbox);
    const token = await client.bearer([`repository:${name}:pull,push`]);
    const opened = await client.send("POST", `/v2/${name}/blobs/uploads/`, token);
    const digest = digestOf(text);
    const location = `${opened.headers.get("location") ?? ""}&digest=${digest}`;
    await done(await client.send("PUT", location, token, { body: text }));
    return { digest, size: Buffer.byteLength(text) };
  };
  const put = async (name: string, reference: string, type: string, body: string): Promise<void> => {
    const client = registryClient(world.sandbox);
    const token = await client.bearer([`repository:${name}:pull,push`]);
    const headers = { "content-type": type };
    await done(await client.send("PUT", `/v2/${name}/manifests/${reference}`, token, { body, headers }));
  };
  return {
    world,
    get sandbox() {
      return world.sandbox;
    },
    runAs,
    identity,
    instance,
    image,
    cosign,
    listed,
    list,
    attachByHand,
  };
}

const indexType = "application/vnd.oci.image.index.v1+json";

async function done(answer: Response): Promise<void> {
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
}

/**
 * Ways to make a bundle worthless, each with the verifier's words.
 * @param other a good bundle of the same signer about something else
 */
export const tamperings: readonly [what: string, (bundle: StoredBundle, other: StoredBundle) => unknown, RegExp][] = [
  ["another image's bundle", (_, other) => other, /is about another digest/],
  [
    "a rewritten payload",
    (bundle) => withAt(bundle, ["dsseEnvelope", "payload"], rewritten(bundle.dsseEnvelope?.payload ?? "")),
    /mismatch/,
  ],
  [
    "another bundle's signature",
    (bundle, { dsseEnvelope }) => withAt(bundle, ["dsseEnvelope", "signatures"], dsseEnvelope?.signatures),
    /timestamp|mismatch|signature/,
  ],
  [
    "a removed log entry",
    (bundle) => withAt(bundle, ["verificationMaterial", "tlogEntries"], []),
    /expected 1 tlog entries, got 0/,
  ],
  [
    "another bundle's log entry",
    (bundle, { verificationMaterial: { tlogEntries } }) =>
      withAt(bundle, ["verificationMaterial", "tlogEntries"], tlogEntries),
    /mismatch/,
  ],
  [
    "another bundle's certificate",
    (bundle, { verificationMaterial: { certificate } }) =>
      withAt(bundle, ["verificationMaterial", "certificate"], certificate),
    /./,
  ],
  ["a removed envelope", (bundle) => withAt(bundle, ["dsseEnvelope"], undefined), /./],
];

/** A copy with another value at a place; undefined leaves it out. */
function withAt(bundle: StoredBundle, place: readonly string[], value: unknown): unknown {
  const put = (at: object, [name = "", ...deeper]: readonly string[]): object => {
    const inner = (at as Record<string, object>)[name] ?? {};
    return JSON.parse(JSON.stringify({ ...at, [name]: deeper.length === 0 ? value : put(inner, deeper) })) as object;
  };
  return put(bundle, place);
}

/** The payload about a digest that nobody signed. */
function rewritten(payload: string): string {
  const statement = JSON.parse(Buffer.from(payload, "base64").toString()) as object;
  const subject = [{ digest: { sha256: "b".repeat(64) } }];
  return Buffer.from(JSON.stringify({ ...statement, subject })).toString("base64");
}
