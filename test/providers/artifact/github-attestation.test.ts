import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as http } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { listAttestations } from "../../../clients/github/release/attestations.ts";
import { repositoryOf } from "../../../clients/github/git-refs.ts";
import { bundlesOf } from "../../clients/registry/bundles-of.ts";
import { provenance, provenancePredicate } from "../../../formats/signing/statement.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { githubClient } from "../../sandbox/github-client.ts";
import { signingSandbox, workflow } from "../../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const signing = signingSandbox();
const host = engineHost("github-attestation");
const predicate = provenance(
  { revision: "1".repeat(40), buildInputs: "2".repeat(64) },
  "https://example.com/builder",
  "https://example.com/source",
  { context: "." },
) as Record<string, unknown>;

const done = { posted: true, why: "", visibility: "" };

/** A repository of its own, an image with provenance of a run in that repository, and the inputs of what posts it. */
async function attested({ attach = true } = {}) {
  const { fullName } = await signing.world.repository();
  const ref = "refs/tags/v1.0.0";
  signing.runWith({ repository: fullName, ref, job_workflow_ref: `${workflow}@${ref}` });
  const image = await signing.image();
  image.inputs.identity = signing.identity({ repository: fullName });
  const statement = { ...image.inputs, predicateType: provenancePredicate, predicate };
  if (attach) {
    await engineHost("attestation").create(statement);
  }
  const { repository: _, ...rest } = statement;
  const inputs = { ...rest, repository: fullName, image: image.repository, tag: "v1.0.0" };
  const listed = () => listAttestations(repositoryOf(fullName), image.digest, provenancePredicate);
  return { fullName, image, inputs, listed };
}

/** What was sent to GitHub's attestations API, reads too. */
function asked(since: number): string[] {
  const paths = signing.sandbox.journal.since(since, { door: "github", path: /\/attestations(\/|$)/ });
  return paths.map(({ method }) => method);
}

/** Makes GitHub answer posts of attestations in its own way. */
function onPost(fullName: string, fault: { when?: "before" | "after"; times?: number; act: FaultAct }): void {
  const path = new RegExp(`${fullName}/attestations$`);
  signing.sandbox.faults.add({ door: "github", method: "POST", path, when: "before", ...fault });
}

/** Makes GitHub answer the lists of attestations in its own way, once unless it says how often. */
function onList(fullName: string, fault: { times?: number; act: FaultAct }): void {
  const path = new RegExp(`${fullName}/attestations/`);
  signing.sandbox.faults.add({ door: "github", method: "GET", path, when: "before", ...fault });
}

const notFound = { status: 404, body: { message: "Not Found" } };
const forbidden = { status: 403, body: { message: "Resource not accessible by integration" } };

const publish = (fullName: string) =>
  githubClient(signing.sandbox).post(`/repos/${fullName}/releases`, { tag_name: "v1.0.0" });

describe("gitHubAttestationProvider, when an image has provenance", () => {
  it("has the attached bundle posted, and nothing signed", async () => {
    const { image, inputs, listed } = await attested();
    const entries = signing.sandbox.sigstore.entries();
    const { id, outs } = await host.create(inputs);
    expect([id, outs]).toEqual([
      `${inputs.repository} ${image.reference} ${provenancePredicate}`,
      { kind: "github-attestation", ...inputs, ...done },
    ]);
    expect(await listed()).toEqual(await bundlesOf(image.repository, image.digest));
    expect(signing.sandbox.sigstore.entries()).toBe(entries);
  });
  it("is found as it is", async () => {
    const { inputs } = await attested();
    const { outs } = await host.create(inputs);
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: { kind: "github-attestation", ...inputs } });
  });
  it("is not posted again", async () => {
    const { inputs, listed } = await attested();
    await host.create(inputs);
    const since = signing.sandbox.journal.mark();
    const { outs } = await host.create(inputs);
    expect([asked(since), outs["posted"], (await listed()).length]).toEqual([["GET"], true, 1]);
  });
  it("is posted beside a signature and other attestations of the image", async () => {
    const { image, inputs, listed } = await attested();
    await engineHost("signature").create({ ...image.inputs });
    await host.create(inputs);
    expect((await listed()).length).toBe(1);
  });
  it("sees nothing in what somebody else posted", async () => {
    const { fullName, image, inputs, listed } = await attested();
    signing.runWith({ repository: fullName, ref: "refs/heads/main" });
    const identity = {
      ...inputs.identity,
      workflow: `${fullName}/.github/workflows/release.yml`,
      refs: "refs/heads/main",
    };
    const theirs = { ...inputs, identity };
    await engineHost("attestation").create({ ...theirs, repository: image.repository });
    await host.create(theirs);
    expect(await host.read({ ...inputs, ...done })).toEqual({});
    await host.create(inputs);
    expect((await listed()).length).toBe(2);
  });
});

describe("gitHubAttestationProvider, when real gh verifies an image", () => {
  it("finds the attestation at GitHub by itself, and takes it for this repository only", async () => {
    const { image, inputs } = await attested();
    await host.create(inputs);
    const accepted = await gh(["--repo", inputs.repository], image.reference);
    expect(accepted.exitCode, accepted.all).toBe(0);
    expect((await gh(["--repo", (await signing.world.repository()).fullName], image.reference)).exitCode).toBe(1);
  });
  it("finds none that was not posted", async () => {
    const { image, inputs } = await attested();
    const run = await gh(["--repo", inputs.repository], image.reference);
    expect([run.exitCode, run.all]).toEqual([1, expect.stringContaining("HTTP 404")]);
  });
  it("takes the bundle as it comes from GitHub, without any server", async () => {
    const { image, inputs, listed } = await attested();
    await host.create(inputs);
    const folder = await mkdtemp(join(tmpdir(), "attestation-"));
    const file = join(folder, "bundle.json");
    await writeFile(file, JSON.stringify((await listed())[0]));
    const accepted = await gh(["--bundle", file, "--repo", inputs.repository], image.reference);
    expect(accepted.exitCode, accepted.all).toBe(0);
    expect((await gh(["--bundle", file, "--repo", "acme/other"], image.reference)).exitCode).toBe(1);
    await rm(folder, { recursive: true });
  });
});

/**
 * Real gh, which knows nothing of Lockstep. It speaks plain HTTP to one host only, `api.github.localhost`; a proxy leads that to the
 * sandbox.
 */
async function gh(options: string[], reference: string) {
  const { trustedRoot, issuer } = signing.sandbox.sigstore;
  const api = new URL(signing.sandbox.addresses.api);
  const proxy = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://api.github.localhost");
    const headers = { ...request.headers, host: api.host };
    const onward = { host: api.hostname, port: api.port, path: `${api.pathname}${pathname}${search}`, headers };
    http(onward, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  const env = {
    ...signing.sandbox.environment,
    GH_HOST: "github.localhost",
    GH_TOKEN: signing.sandbox.environment["GITHUB_TOKEN"],
    HTTP_PROXY: `http://127.0.0.1:${port}`,
    NO_COLOR: "1",
  };
  const trust = ["--custom-trusted-root", `${trustedRoot}l`, "--cert-oidc-issuer", issuer];
  const command = [
    "attestation",
    "verify",
    `oci://${reference}`,
    ...trust,
    "--signer-workflow",
    `github.com/${workflow}`,
    ...options,
  ];
  const run = await execa("gh", command, { env, all: true, reject: false });
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
  return run;
}

describe("gitHubAttestationProvider, when a posted attestation is deleted", () => {
  it("is gone, and is posted again", async () => {
    const { image, inputs, listed } = await attested();
    const { outs } = await host.create(inputs);
    await githubClient(signing.sandbox).delete(`/orgs/acme/attestations/digest/${image.digest}`);
    expect(await host.read(outs)).toEqual({});
    await host.create(inputs);
    expect((await listed()).length).toBe(1);
  });
});

describe("gitHubAttestationProvider, when the Release of a posted attestation is public", () => {
  it("is asked for three times in a run, whatever the digest, and then known from the state", async () => {
    const { fullName, inputs } = await attested();
    const { outs } = await host.create(inputs);
    await publish(fullName);
    const since = signing.sandbox.journal.mark();
    for (let count = 0; count < 5; count++) {
      expect((await host.read(outs)).props).toEqual(outs);
    }
    expect(asked(since)).toEqual(["GET", "GET", "GET"]);
  });
  it("is asked for each time as long as its Release is not public", async () => {
    const { inputs } = await attested();
    const { outs } = await host.create(inputs);
    const since = signing.sandbox.journal.mark();
    for (let count = 0; count < 5; count++) {
      await host.read(outs);
    }
    expect(asked(since)).toHaveLength(5);
  });
  it("is asked for if the state is lost", async () => {
    const { fullName, inputs } = await attested();
    await host.create(inputs);
    await publish(fullName);
    const since = signing.sandbox.journal.mark();
    await host.create(inputs);
    expect(asked(since)).toEqual(["GET"]);
  });
});

describe("gitHubAttestationProvider, when GitHub refuses for good", () => {
  it("says why a private repository has none, and goes on", async () => {
    const { fullName, inputs } = await attested();
    await signing.sandbox.github.createRepository(fullName, { private: true });
    const { outs } = await host.create(inputs);
    expect(outs).toMatchObject({ posted: false, visibility: "private" });
    expect(outs["why"]).toMatch(/^Feature not available for user-owned private repositories\..* \(403\)$/);
  });
  it("says which permission the job lacks, and goes on", async () => {
    const { fullName, inputs } = await attested();
    const permissions = { contents: "write" } as const;
    signing.sandbox.github.tokens.set("job", { kind: "actions", repository: fullName, permissions });
    const own = process.env["GITHUB_TOKEN"];
    process.env["GITHUB_TOKEN"] = "job";
    const { outs } = await host.create(inputs).finally(() => (process.env["GITHUB_TOKEN"] = own));
    expect(outs["why"]).toBe(
      "Resource not accessible by integration (403): `permissions: attestations: write` is missing from the job",
    );
  });
  it("says that the bundle is of another repository's run, and goes on", async () => {
    const { inputs } = await attested();
    const { fullName } = await signing.world.repository();
    const { outs } = await host.create({ ...inputs, repository: fullName });
    expect(outs["why"]).toMatch(/^Invalid Argument - values do not match: .* \(422\)$/);
  });
  it.each([
    ["a server without that API", 404, "Not Found"],
    ["an unknown word", 400, "Bad Request"],
  ])("goes on at %s", async (_, status, message) => {
    const { fullName, inputs } = await attested();
    onPost(fullName, { act: { status, body: { message } } });
    expect((await host.create(inputs)).outs).toMatchObject({ posted: false, why: `${message} (${status})` });
  });
  it("goes on where it may not even look", async () => {
    const { fullName, inputs } = await attested({ attach: false });
    onList(fullName, { act: forbidden });
    const since = signing.sandbox.journal.mark();
    expect((await host.create(inputs)).outs["posted"]).toBe(false);
    expect(asked(since)).toEqual(["GET"]);
  });
  it("does not count what GitHub took and does not list", async () => {
    const { fullName, inputs } = await attested();
    onList(fullName, { times: Infinity, act: notFound });
    const { outs } = await host.create(inputs);
    expect(outs["why"]).toMatch(/^GitHub accepted it as attestation \d+ but does not list it$/);
    signing.sandbox.faults.clear();
    expect((await host.read(outs)).props).toMatchObject(done);
  });
});

describe("gitHubAttestationProvider, when GitHub refused in an earlier run", () => {
  const words = "Resource not accessible by integration";
  /** The state that a run leaves which lacked the permission. */
  const refused = async (attach = false) => {
    const one = await attested({ attach });
    return { ...one, outs: { ...one.inputs, posted: false, why: words, visibility: "public" } };
  };
  it("is tried again as long as the Release is not public", async () => {
    expect(await host.read((await refused()).outs)).toEqual({});
  });
  it("is left as it is once the Release is public", async () => {
    const { fullName, outs } = await refused();
    expect((await publish(fullName)).status).toBe(201);
    const found = await host.read(outs);
    expect(found.props).toEqual({ kind: "github-attestation", ...outs });
    expect(await host.diff(outs, { ...found.inputs })).toEqual({});
  });
  it("is tried again when other people see the repository", async () => {
    const { fullName, outs } = await refused();
    await publish(fullName);
    expect(await host.read({ ...outs, visibility: "private" })).toEqual({});
  });
  it("is found where somebody posted it meanwhile", async () => {
    const { inputs, outs } = await refused(true);
    await host.create(inputs);
    expect((await host.read(outs)).props).toMatchObject(done);
  });
  it("is posted by the next try", async () => {
    const { inputs, outs } = await refused(true);
    expect((await host.update(outs, inputs)).outs).toMatchObject(done);
  });
});

describe("gitHubAttestationProvider, when a token may not read attestations", () => {
  it.each([done, { posted: false, why: "no", visibility: "public" }])("keeps what is known: %j", async (outputs) => {
    const { fullName, inputs } = await attested({ attach: false });
    onList(fullName, { act: forbidden });
    expect((await host.read({ ...inputs, ...outputs })).props).toMatchObject(outputs);
  });
});

describe("gitHubAttestationProvider, when GitHub fails for a moment", () => {
  it.each([
    ["before it took it", { when: "before", act: { status: 502 } }],
    ["after it took it", { when: "after", act: { status: 502 } }],
    ["in the middle of the answer", { when: "after", act: "reset" }],
  ] as const)("has it there once: %s", async (_, fault) => {
    const { fullName, inputs, listed } = await attested();
    onPost(fullName, fault);
    expect((await host.create(inputs)).outs["posted"]).toBe(true);
    expect((await listed()).length).toBe(1);
  });
  it("waits for a list that lags", async () => {
    const { fullName, inputs } = await attested();
    let looks = 0;
    onList(fullName, { times: 3, act: notFound });
    onList(fullName, { act: () => void looks++ });
    expect((await host.create(inputs)).outs["posted"]).toBe(true);
    expect(looks).toBe(1);
  });
});

describe("gitHubAttestationProvider, when GitHub fails", () => {
  it("is an error after five tries, and nothing is posted", async () => {
    const { fullName, inputs, listed } = await attested();
    onPost(fullName, { times: Infinity, act: { status: 503, body: { message: "down" } } });
    expect((await releaseErrorOf(host.create(inputs))).code).toBe("SERVER_FAULT");
    expect(await listed()).toEqual([]);
  });
  it("is an error where the token is unknown", async () => {
    const { fullName, inputs } = await attested();
    onPost(fullName, { act: { status: 401, body: { message: "Bad credentials" } } });
    expect((await releaseErrorOf(host.create(inputs))).code).toBe("CREDENTIALS_REFUSED");
  });
  it("keeps the state where it cannot look", async () => {
    const { fullName, inputs } = await attested({ attach: false });
    onList(fullName, { times: Infinity, act: { status: 503, body: { message: "down" } } });
    expect((await releaseErrorOf(host.read({ ...inputs, ...done }))).code).toBe("SERVER_FAULT");
  });
});

describe("gitHubAttestationProvider, when nothing of ours is attached", () => {
  it("posts nothing and says so", async () => {
    const { inputs, listed } = await attested({ attach: false });
    const { code, parts } = await releaseErrorOf(host.create(inputs));
    expect([code, parts.reason]).toEqual(["SIGNATURE_MISSING", expect.stringContaining(inputs.digest)]);
    expect(await listed()).toEqual([]);
  });
});

describe("gitHubAttestationProvider, when another one is wanted", () => {
  const olds = { repository: "a/b", image: "r/i", digest: "x", predicateType: "t", tag: "v1" };
  it.each(["repository", "image", "digest", "predicateType"])("is another one with another %s", async (name) => {
    expect(await host.diff(olds, { ...olds, [name]: "other" })).toEqual({ replaces: [name] });
  });
  it("is the same one with another tag", async () => {
    expect(await host.diff(olds, { ...olds, tag: "v2" })).toEqual({ changes: false });
  });
  it("is posted with another predicate beside the first", async () => {
    const { image, inputs, listed } = await attested();
    await host.create(inputs);
    const hash = createHash("sha256").update("other").digest("hex");
    const other = { ...inputs, predicate: { ...predicate, other: hash } };
    await engineHost("attestation").create({ ...other, repository: image.repository });
    expect(await host.read({ ...other, ...done })).toEqual({});
    await host.create(other);
    expect((await listed()).length).toBe(2);
  });
});
