import { createHash, generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { RFC3161Timestamp } from "@sigstore/core";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { DSSEBundleBuilder, FulcioSigner, RekorWitness } from "@sigstore/sign";
import { Integer, OctetString } from "asn1js";
import { AlgorithmIdentifier, MessageImprint, TimeStampReq } from "pkijs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { signBlob, signStatement, statementOfTest } from "./sigstore-client.ts";
import { temporarySandbox } from "../temporary-sandbox.ts";

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

describe("the sandbox's Rekor, when an entry is logged", () => {
  /** Signs, and returns the request that made the log entry. */
  const postOf = async (rekor: 1 | 2): Promise<{ address: string; body: string }> => {
    const address = `${sandbox.sigstore.url}/api/v${rekor}/log/entries`;
    const bundle = await signBlob(sandbox.sigstore, Buffer.from(`blob ${Math.random()}`), { rekor });
    const [entry] = bundle.verificationMaterial.tlogEntries;
    const logged = JSON.parse(Buffer.from(entry?.canonicalizedBody ?? "", "base64").toString()) as {
      spec: { hashedRekordV002?: { data: { digest: string }; signature: unknown } };
    };
    const { hashedRekordV002 } = logged.spec;
    const request =
      hashedRekordV002 === undefined
        ? logged
        : {
            hashedRekordRequestV002: {
              digest: hashedRekordV002.data.digest,
              signature: hashedRekordV002.signature,
            },
          };
    return { address, body: JSON.stringify(request) };
  };
  it("answers a repeat at Rekor 1 with 409 and the address of the first", async () => {
    const { address, body } = await postOf(1);
    const headers = { "content-type": "application/json" };
    const answer = await fetch(address, { method: "POST", headers, body });
    const first = await fetch(`${sandbox.sigstore.url}${answer.headers.get("location") ?? ""}`);
    expect([answer.status, first.status]).toEqual([409, 200]);
  });
  it("answers a repeat at Rekor 2 with 409 and its index", async () => {
    const { address, body } = await postOf(2);
    const answer = await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body });
    expect([answer.status, answer.headers.get("x-log-index")]).toEqual([409, expect.stringMatching(/^\d+$/)]);
  });
  it("adds nothing for a repeat", async () => {
    const { address, body } = await postOf(1);
    const before = sandbox.sigstore.entries();
    await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body });
    expect(sandbox.sigstore.entries()).toBe(before);
  });
  it("refuses a dsse entry at Rekor 2, as the real one", async () => {
    const { url, identity } = sandbox.sigstore;
    const identityProvider = { getToken: async () => identity.token() };
    const signer = new FulcioSigner({ fulcioBaseURL: url, identityProvider });
    const witnesses = [new RekorWitness({ rekorBaseURL: url, majorApiVersion: 2 })];
    const builder = new DSSEBundleBuilder({ signer, witnesses });
    const data = Buffer.from(JSON.stringify(statementOfTest));
    const failure = await builder.create({ data, type: "application/vnd.in-toto+json" }).then(
      () => undefined,
      (error: Error) => error.cause,
    );
    expect(String(failure)).toContain("invalid type, must be hashedrekord");
  });
  it("refuses a statement whose signature does not hold at Rekor 1", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const verifier = Buffer.from(publicKey.export({ type: "spki", format: "pem" })).toString("base64");
    const envelope = JSON.stringify({ payloadType: "t", payload: "e30=", signatures: [{ sig: "MAA=" }] });
    const body = JSON.stringify({
      apiVersion: "0.0.1",
      kind: "dsse",
      spec: { proposedContent: { envelope, verifiers: [verifier] } },
    });
    const answer = await fetch(`${sandbox.sigstore.url}/api/v1/log/entries`, { method: "POST", body });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("could not be verified")]);
  });
  it("finds it by uuid, by index and in the size of the log", async () => {
    const { url } = sandbox.sigstore;
    const bundle = await signStatement(sandbox.sigstore);
    const index = Number(bundle.verificationMaterial.tlogEntries[0]?.logIndex);
    const byIndex = (await (await fetch(`${url}/api/v1/log/entries?logIndex=${index}`)).json()) as object;
    const [uuid = ""] = Object.keys(byIndex);
    const byUuid = (await (await fetch(`${url}/api/v1/log/entries/${uuid}`)).json()) as object;
    const state: unknown = await (await fetch(`${url}/api/v1/log`)).json();
    expect([Object.values(byUuid)[0], state]).toMatchObject([{ logIndex: index }, { treeSize: index + 1 }]);
  });
  it("does not find what is not there", async () => {
    const answer = await fetch(`${sandbox.sigstore.url}/api/v1/log/entries/${"0".repeat(80)}`);
    expect(answer.status).toBe(404);
  });
});

describe("the sandbox's timestamp authority", () => {
  const artifact = Buffer.from("a signature");
  const nonce = randomBytes(16).fill(0x7f, 0, 1);
  const ask = async (): Promise<Buffer<ArrayBuffer>> => {
    const imprint = createHash("sha256").update(artifact).digest();
    const query = new TimeStampReq({
      version: 1,
      messageImprint: new MessageImprint({
        hashAlgorithm: new AlgorithmIdentifier({ algorithmId: "2.16.840.1.101.3.4.2.1" }),
        hashedMessage: new OctetString({ valueHex: new Uint8Array(imprint) }),
      }),
      nonce: new Integer({ valueHex: new Uint8Array(nonce) }),
      certReq: true,
    });
    const answer = await fetch(`${sandbox.sigstore.url}/api/v1/timestamp`, {
      method: "POST",
      headers: { "content-type": "application/timestamp-query" },
      body: query.toSchema().toBER(false),
    });
    expect(answer.headers.get("content-type")).toBe("application/timestamp-reply");
    return Buffer.from(await answer.arrayBuffer());
  };
  it("signs the time with the trusted certificate", async () => {
    const root = TrustedRoot.fromJSON(JSON.parse(await readFile(sandbox.sigstore.trustedRoot, "utf8")));
    const leaf = root.timestampAuthorities[0]?.certChain?.certificates[0]?.rawBytes ?? "";
    const timestamp = RFC3161Timestamp.parse(await ask());
    timestamp.verify(artifact, new X509Certificate(leaf).publicKey);
    expect(Math.abs(Date.now() - timestamp.signingTime.getTime())).toBeLessThan(60_000);
  });
  it("gives the whole nonce back", async () => {
    expect((await ask()).includes(Buffer.from([2, nonce.length, ...nonce]))).toBe(true);
  });
  it("refuses what is no query", async () => {
    const headers = { "content-type": "application/timestamp-query" };
    const answer = await fetch(`${sandbox.sigstore.url}/api/v1/timestamp`, {
      method: "POST",
      headers,
      body: "no query",
    });
    expect(answer.status).toBe(400);
  });
});

describe("the sandbox's trust files", () => {
  it("has the trusted root on one line too", async () => {
    const { trustedRoot, trustedRootLines } = sandbox.sigstore;
    const line = await readFile(trustedRootLines, "utf8");
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual(JSON.parse(await readFile(trustedRoot, "utf8")));
  });
  it.each([
    [1, "signingConfig"],
    [2, "signingConfigV2"],
  ] as const)("names Rekor %i in %s", async (version, file) => {
    const config: unknown = JSON.parse(await readFile(sandbox.sigstore[file], "utf8"));
    expect(config).toMatchObject({ rekorTlogUrls: [{ url: sandbox.sigstore.url, majorApiVersion: version }] });
  });
});
