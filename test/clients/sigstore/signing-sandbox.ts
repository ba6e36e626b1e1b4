import { createHash } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, vi } from "vitest";
import type { SignableFile } from "../../../clients/sigstore/blob-signing.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";
import type { SigstoreFiles } from "../../../formats/signing/sigstore-files.ts";
import type { SigningIdentity } from "../../../formats/signing/signing-policy.ts";
import type { Sandbox, SandboxOptions } from "../../../sandbox/sandbox.ts";
import type { WorkflowClaims } from "../../../sandbox/sigstore/workflow-claims.ts";
import { digestOf, manifestType, registryClient } from "../../sandbox/registry-client.ts";
import { connectedSandbox } from "../connected-sandbox.ts";

/** The workflow that signs unless a test says another. */
export const workflow = "acme/widgets/.github/workflows/release.yml";

/** A file to sign whose bytes are a text. */
export function textFile(text: string): SignableFile {
  return { name: "made-up.txt", sha256: createHash("sha256").update(text).digest("hex"), source: { text } };
}

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
    identity: SigningIdentity;
    sigstore: { trustedRoot: string; signingConfig: string };
  };
}

/** A Sigstore to sign with and to trust. */
export interface TrustedServices {
  /** Absolute path. */
  trustedRoot: string;
  /** The same on one line, as gh wants it. */
  trustedRootLines: string;
  /** By the version of Rekor; absent where there is none of that version. */
  signingConfigs: { readonly [rekor in 1 | 2]?: string };
  /** How many entries its logs have together. */
  entries(): Promise<number>;
  close(): Promise<void>;
}

/** The sandbox's own Sigstore; it ends with the sandbox. */
export async function doubledSigstore({ sigstore }: Sandbox): Promise<TrustedServices> {
  const { trustedRoot, trustedRootLines, signingConfig, signingConfigV2 } = sigstore;
  return {
    trustedRoot,
    trustedRootLines,
    signingConfigs: { 1: signingConfig, 2: signingConfigV2 },
    entries: async () => sigstore.entries(),
    close: async () => undefined,
  };
}

/** What tests are given to sign with. */
export type SigningSandbox = ReturnType<typeof signingSandbox>;

/**
 * A connected sandbox in which this process may sign: it runs as the release workflow for the tag v1.0.0, and again so before each test.
 * @param open the Sigstore; identity tokens are the sandbox's in any case
 */
export function signingSandbox(
  options: Partial<SandboxOptions> = {},
  open: (sandbox: Sandbox) => Promise<TrustedServices> = doubledSigstore,
) {
  const world = connectedSandbox(options);
  let running: TrustedServices | undefined;
  const services = (): TrustedServices => {
    if (running === undefined) {
      throw new Error("Sigstore runs within tests only");
    }
    return running;
  };
  beforeAll(async () => {
    running = await open(world.sandbox);
  });
  afterAll(() => running?.close());
  /** @param claims of the run's token, beside workflow and ref */
  const runWith = (claims: Partial<WorkflowClaims>): void => {
    const { identity } = world.sandbox.sigstore;
    identity.set(claims);
    // This process is another run from now on. Those that it starts are the sandbox's own.
    vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", identity.add(claims));
  };
  const runAs = (file = workflow, ref = "refs/tags/v1.0.0", claims: Partial<WorkflowClaims> = {}): void =>
    runWith({ ref, job_workflow_ref: `${file}@${ref}`, ...claims });
  beforeEach(() => runAs());
  const identity = (changes: Partial<SigningIdentity> = {}): SigningIdentity => ({
    issuer: world.sandbox.sigstore.issuer,
    workflow,
    refs: "refs/tags/*",
    ...changes,
  });
  /** @param rekor which version; default the lowest that there is */
  const instance = (rekor?: 1 | 2) => {
    const { trustedRoot, signingConfigs } = services();
    const signingConfig = signingConfigs[rekor ?? (signingConfigs[1] === undefined ? 2 : 1)];
    if (signingConfig === undefined) {
      throw new Error(`there is no Rekor ${rekor}`);
    }
    return { trustedRoot, signingConfig } satisfies SigstoreFiles;
  };
  /** Pushes an image whose bytes no other test has. */
  const image = async (rekor?: 1 | 2, owner?: string): Promise<SignableImage> => {
    const { repository, name } = world.image(owner);
    const digest = await registryClient(world.sandbox).pushImage(name, "one", `the image ${name}`);
    const inputs = { repository, digest, identity: identity(), sigstore: instance(rekor) };
    return { repository, name, digest, reference: `${repository}@${digest}`, inputs };
  };
  /** Real cosign, which knows nothing of Lockstep: exit code, and one line of JSON for each bundle that it accepts. */
  const cosign = (verb: string, ...rest: string[]) => cosignAs({}, verb, ...rest);
  /** Real cosign that expects another signer. */
  const cosignAs = async (expected: { workflow?: string; issuer?: string }, verb: string, ...rest: string[]) => {
    const { workflow: file = workflow, issuer = world.sandbox.sigstore.issuer } = expected;
    const signer = `https://github.com/${file}@refs/tags/v1.0.0`;
    const trust = ["--trusted-root", services().trustedRoot, "--certificate-identity", signer];
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
    if (answer.status === 404) {
      return [];
    }
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
      mediaType: manifestType,
      artifactType: layer.mediaType,
      config: { mediaType: "application/vnd.oci.empty.v1+json", ...config },
      layers: [{ mediaType: layer.mediaType, ...content }],
      subject: { mediaType: manifestType, digest: to.digest, size: 1 },
    });
    const digest = digestOf(manifest);
    await put(to.name, digest, manifestType, manifest);
    await list(to, [{ mediaType: manifestType, digest, size: Buffer.byteLength(manifest) }]);
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
    runWith,
    identity,
    instance,
    get services() {
      return services();
    },
    image,
    cosign,
    cosignAs,
    listed,
    list,
    attachByHand,
  };
}

const indexType = "application/vnd.oci.image.index.v1+json";

async function done(answer: Response): Promise<void> {
  if (!answer.ok) {
    throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
  }
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
