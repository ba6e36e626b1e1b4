import { generateKeyPairSync, sign, X509Certificate } from "node:crypto";
import { CIContextProvider } from "@sigstore/sign";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { signToken } from "../../../sandbox/sigstore/json-web-token.ts";
import { signStatement, verifyBundle } from "./sigstore-client.ts";
import { temporarySandbox } from "../temporary-sandbox.ts";

const ownWorkflow = "https://github.com/acme/widgets/.github/workflows/release.yml@refs/heads/main";
let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
});
afterAll(async () => {
  const violations = sandbox.violations();
  await forget();
  expect(violations).toEqual([]);
});

/** What Fulcio answers to a request with this token and a proof over this text. */
async function askFulcio(token: string, proofOver?: string): Promise<{ status: number; body: unknown }> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = proofOver ?? sandbox.sigstore.identity.claims()?.sub ?? "";
  const answer = await fetch(`${sandbox.sigstore.url}/api/v2/signingCert`, {
    method: "POST",
    body: JSON.stringify({
      credentials: { oidcIdentityToken: token },
      publicKeyRequest: {
        publicKey: { algorithm: "ECDSA", content: publicKey.export({ type: "spki", format: "pem" }) },
        proofOfPossession: sign("sha256", Buffer.from(subject), privateKey).toString("base64"),
      },
    }),
  });
  return { status: answer.status, body: await answer.json() };
}

describe("the sandbox's Fulcio, when the environment's request address is used, as in a workflow", () => {
  it("signs", async () => {
    vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", sandbox.environment["ACTIONS_ID_TOKEN_REQUEST_URL"]);
    vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", sandbox.environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]);
    const token = await new CIContextProvider("sigstore").getToken();
    vi.unstubAllEnvs();
    const bundle = await signStatement(sandbox.sigstore, { token });
    expect(await verifyBundle(sandbox.sigstore, bundle, ownWorkflow)).toBe(ownWorkflow);
  });
  it("gives no token to a wrong request token", async () => {
    const headers = { authorization: "Bearer wrong" };
    const answer = await fetch(`${sandbox.sigstore.tokenRequestUrl}&audience=sigstore`, { headers });
    expect(answer.status).toBe(401);
  });
  it("gives a token for the owner when no audience is asked for", async () => {
    const headers = { authorization: `Bearer ${sandbox.sigstore.identity.requestToken}` };
    const answer = await fetch(sandbox.sigstore.tokenRequestUrl, { headers });
    const { value } = (await answer.json()) as { value: string };
    const claims: unknown = JSON.parse(Buffer.from(value.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ aud: "https://github.com/acme", iss: sandbox.sigstore.issuer });
  });
  it("leads from the issuer's address to the key that signs", async () => {
    const { issuer } = sandbox.sigstore;
    const discovery = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >;
    expect(discovery["issuer"]).toBe(issuer);
    const { keys } = (await (await fetch(discovery["jwks_uri"] ?? "")).json()) as { keys: { kid: string }[] };
    const header = Buffer.from(sandbox.sigstore.identity.token().split(".")[0] ?? "", "base64url").toString();
    expect(JSON.parse(header)).toMatchObject({ alg: "RS256", kid: keys[0]?.kid });
  });
});

describe("the sandbox's Fulcio, when Fulcio is asked with something wrong", () => {
  const identityError = { code: 3, message: "There was an error processing the identity token", details: [] };
  const forged = (): string => {
    const [, payload = ""] = sandbox.sigstore.identity.token().split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
    return signToken(claims, generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
  };
  const rewritten = (): string => {
    const [header, payload = "", signature] = sandbox.sigstore.identity.token().split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
    const other = Buffer.from(JSON.stringify({ ...claims, repository: "evil/widgets" })).toString("base64url");
    return `${header}.${other}.${signature}`;
  };
  it.each([
    ["a token for another audience", () => sandbox.sigstore.identity.token({ audience: "other" })],
    ["an expired token", () => sandbox.sigstore.identity.token({ lifetime: -1 })],
    ["a token signed by another key", forged],
    ["a token with other claims than were signed", rewritten],
    ["no token", () => ""],
  ])("refuses %s", async (_what, token) => {
    expect(await askFulcio(token())).toEqual({ status: 400, body: identityError });
  });
  it("refuses a proof of possession over another subject", async () => {
    expect(await askFulcio(sandbox.sigstore.identity.token(), "somebody else")).toEqual({
      status: 400,
      body: { code: 3, message: "The signature supplied in the request could not be verified", details: [] },
    });
  });
  it("takes the right ones", async () => {
    expect(await askFulcio(sandbox.sigstore.identity.token())).toMatchObject({ status: 200 });
  });
});

describe("the sandbox's Fulcio, when a run is another workflow", () => {
  const certificateOf = async (token: string): Promise<X509Certificate> => {
    const bundle = await signStatement(sandbox.sigstore, { token });
    return new X509Certificate(Buffer.from(bundle.verificationMaterial.certificate?.rawBytes ?? "", "base64"));
  };
  it("has the reusable workflow as its subject", async () => {
    const { identity } = sandbox.sigstore;
    const job_workflow_ref = "acme/ci/.github/workflows/shared.yml@refs/tags/v1";
    const run = identity.add({ repository: "acme/gadgets", job_workflow_ref });
    const certificate = await certificateOf(identity.token({ requestToken: run }));
    expect(certificate.subjectAltName).toBe(`URI:https://github.com/${job_workflow_ref}`);
  });
  it("writes the claims into the certificate as Fulcio does", async () => {
    const { identity } = sandbox.sigstore;
    const sha = "c".repeat(40);
    const run = identity.add({ repository: "acme/gadgets", ref: "refs/tags/v1.2.3", sha, event_name: "release" });
    const { raw } = await certificateOf(identity.token({ requestToken: run }));
    const texts = [
      sandbox.sigstore.issuer,
      "https://github.com/acme/gadgets",
      "https://github.com/acme/gadgets/.github/workflows/release.yml@refs/tags/v1.2.3",
      "https://github.com/acme",
      "https://github.com/acme/gadgets/actions/runs/1/attempts/1",
      "refs/tags/v1.2.3",
      "github-hosted",
      "release",
      "public",
      sha,
    ];
    // Each is a UTF8String: tag 12, length, text.
    const missing = texts.filter((text) => !raw.includes(Buffer.from([12, text.length, ...Buffer.from(text)])));
    expect(missing).toEqual([]);
  });
  it("leaves the other runs as they are", () => {
    const { identity } = sandbox.sigstore;
    identity.add({ repository: "acme/gadgets" });
    expect(identity.claims()).toMatchObject({ repository: "acme/widgets" });
  });
  it("is set for the sandbox's own run, and set back", () => {
    const { identity } = sandbox.sigstore;
    identity.set({ repository: "acme/gadgets", ref: "refs/heads/next" });
    expect(identity.claims()).toMatchObject({
      repository_owner: "acme",
      job_workflow_ref: "acme/gadgets/.github/workflows/release.yml@refs/heads/next",
      sub: "repo:acme/gadgets:ref:refs/heads/next",
      ref_type: "branch",
    });
    identity.set({});
    expect(identity.claims()).toMatchObject({ repository: "acme/widgets", ref: "refs/heads/main" });
  });
});
