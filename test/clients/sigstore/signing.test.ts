import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { signBlob } from "../../../clients/sigstore/blob-signing.ts";
import { signStatement } from "../../../clients/sigstore/signing.ts";
import type { SigstoreFiles } from "../../../formats/signing/sigstore-files.ts";
import { verifyBlob, verifyStatement } from "../../../clients/sigstore/verification.ts";
import { explainError } from "../../../errors/explain-error.ts";
import { ReleaseError } from "../../../errors/release-error.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { makeSignatureStatement } from "../../../formats/signing/statement.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { failure } from "../failure.ts";
import { localServer } from "../local-server.ts";
import { signingSandbox, textFile } from "./signing-sandbox.ts";

const signing = signingSandbox();
const digest = `sha256:${"a".repeat(64)}`;
const statement = makeSignatureStatement(digest);
const sign = (instance: SigstoreFiles = signing.instance()) => signStatement(statement, instance);
const fail = (path: RegExp, act: FaultAct): void => {
  signing.sandbox.faults.add({ door: "sigstore", method: "POST", path, when: "before", times: Infinity, act });
};

/** The environment of a run with this token and no other. */
function onlyToken(token: string | undefined): void {
  vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", undefined);
  vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", undefined);
  vi.stubEnv("SIGSTORE_ID_TOKEN", token);
  onTestFinished(() => void vi.unstubAllEnvs());
}

describe.each([1, 2] as const)("signStatement, when something is signed over Rekor %i", (rekor) => {
  it("gives a statement that verifies", async () => {
    const bundle = await sign(signing.instance(rekor));
    expect(await verifyStatement(bundle, digest, signing.identity(), signing.instance())).toMatchObject({
      verified: true,
      value: statement,
    });
  });
  it("gives a file's signature that verifies", async () => {
    const file = textFile("a file");
    const text = JSON.stringify(await signBlob(file, signing.instance(rekor)));
    expect((await verifyBlob(text, file.sha256, signing.identity(), signing.instance())).verified).toBe(true);
  });
  it("writes bundles of version 0.3 with one certificate", async () => {
    for (const bundle of [
      await sign(signing.instance(rekor)),
      await signBlob(textFile("x"), signing.instance(rekor)),
    ]) {
      expect(bundle.mediaType).toBe("application/vnd.dev.sigstore.bundle.v0.3+json");
      expect(Object.keys(bundle.verificationMaterial)).toContain("certificate");
    }
  });
});

describe("signStatement, when a service is down", () => {
  const services: [string, RegExp][] = [
    ["Fulcio", /signingCert/],
    ["Rekor", /log\/entries/],
    ["the timestamp authority", /timestamp/],
  ];
  it.each(services)("tells %s's own words, once, and may be tried again", async (_, path) => {
    fail(path, { status: 503, body: { message: "closed for repairs" } });
    const error = await failure<ServerRefusal>(ServerRefusal, sign());
    expect([error.status, error.transient, error.message.split("closed for repairs").length]).toEqual([503, true, 2]);
  });
  it.each(services)("is a fault of the service where %s says 500", async (_, path) => {
    fail(path, { status: 500, body: { message: "closed for repairs" } });
    expect(explainError(await failure(ServerRefusal, sign()), "signing").code).toBe("SERVER_FAULT");
  });
  it.each(services)("is final where %s refuses", async (_, path) => {
    fail(path, { status: 403, body: { message: "you are not welcome" } });
    const error = await failure<ServerRefusal>(ServerRefusal, sign());
    expect([error.status, error.transient, error.words]).toEqual([403, false, expect.stringContaining("not welcome")]);
  });
  it.each(services)("is no answer where %s hangs up", async (_, path) => {
    fail(path, "reset");
    const error = await failure<ServerRefusal>(ServerRefusal, sign());
    expect([error.status, error.transient, explainError(error, "signing").code]).toEqual([0, true, "UNREACHABLE"]);
  });
  it.each(services)("names the address of %s", async (_, path) => {
    fail(path, { status: 503, body: { message: "closed for repairs" } });
    const error = await failure<ServerRefusal>(ServerRefusal, sign());
    expect(error.request).toMatch(new RegExp(`^POST ${signing.sandbox.addresses.sigstore}/.*${path.source}`));
  });
  it("is not asked again by the library, which would try as often as whoever calls", async () => {
    fail(/log\/entries/, { status: 503 });
    const mark = signing.sandbox.journal.mark();
    await failure(ServerRefusal, sign());
    expect(signing.sandbox.journal.since(mark, { door: "sigstore", path: /log\/entries/ }).length).toBe(1);
  });
});

describe("signStatement, when the log has the entry already", () => {
  /** Rekor behind a line that sends every POST twice and passes the second answer on: an answer of 409 with the entry's address. */
  async function doublingLine(): Promise<{ address: string; statuses: number[] }> {
    const statuses: number[] = [];
    const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      await new Promise((resolve) => request.on("end", resolve));
      const ask = () =>
        fetch(`${signing.sandbox.addresses.sigstore}${request.url ?? ""}`, {
          method: request.method ?? "GET",
          headers: { "content-type": "application/json" },
          ...(request.method === "POST" ? { body: Buffer.concat(chunks) } : {}),
        });
      if (request.method === "POST") {
        await (await ask()).text();
      }
      const answer = await ask();
      statuses.push(answer.status);
      const location = answer.headers.get("location");
      response.writeHead(answer.status, { "content-type": "application/json", ...(location ? { location } : {}) });
      response.end(await answer.text());
    };
    const server = await localServer((request, response) => void pass(request, response));
    onTestFinished(server.close);
    return { address: `http://${server.address}`, statuses };
  }

  it("takes the 409 for the success that it is", async () => {
    const line = await doublingLine();
    const config = JSON.parse(await readFile(signing.sandbox.sigstore.signingConfig, "utf8")) as {
      rekorTlogUrls: { url: string }[];
    };
    config.rekorTlogUrls = config.rekorTlogUrls.map((log) => ({ ...log, url: line.address }));
    const signingConfig = join(signing.sandbox.folder, "signing_config.doubling.json");
    await writeFile(signingConfig, JSON.stringify(config));
    const entries = signing.sandbox.sigstore.entries();
    const bundle = await sign({ ...signing.instance(), signingConfig });
    expect(line.statuses).toEqual([409, 200]);
    expect(signing.sandbox.sigstore.entries()).toBe(entries + 1);
    expect((await verifyStatement(bundle, digest, signing.identity(), signing.instance())).verified).toBe(true);
  });
});

describe("signStatement, when there is no token to sign with", () => {
  it("says so, and how to get one", async () => {
    onlyToken(undefined);
    const error = await failure<ReleaseError>(ReleaseError, sign());
    expect([error.code, error.parts.fix]).toEqual(["SIGNING_FAILED", expect.stringContaining("id-token: write")]);
  });
  it("asks nobody", async () => {
    onlyToken(undefined);
    const mark = signing.sandbox.journal.mark();
    await failure(ReleaseError, sign());
    expect(signing.sandbox.journal.since(mark, { door: "sigstore" })).toEqual([]);
  });
  it.each([
    ["no token at all", "s3cret-that-is-none"],
    ["a token without a subject", `h.${Buffer.from('{"s3cret":1}').toString("base64")}.s`],
    ["three parts that are no JSON", `h.${Buffer.from("s3cret").toString("base64")}.s`],
  ])("says that the token cannot be read, and does not quote it: %s", async (_, token) => {
    onlyToken(token);
    const error = await failure<ReleaseError>(ReleaseError, sign());
    expect(error.code).toBe("SIGNING_FAILED");
    for (const part of [token, "s3cret"]) {
      expect(error.message).not.toContain(part);
    }
  });
  it.each([
    ["an expired token", { lifetime: -60 }],
    ["a token for somebody else", { audience: "https://example.com" }],
  ])("tells Fulcio's words, and not the token: %s", async (_, options) => {
    const token = signing.sandbox.sigstore.identity.token(options);
    onlyToken(token);
    const error = explainError(await failure(Error, sign()), "signing");
    expect(error.message).not.toContain(token);
    expect(error.message).not.toContain(token.split(".")[1]);
    expect(error.parts.reason).toMatch(/token/i);
    expect(error.parts.fix).not.toContain("GITHUB_TOKEN");
  });
});

describe("signStatement, when GitHub's token service fails", () => {
  it.each<[string, FaultAct]>([
    ["refuses", { status: 403, body: { message: "no id-token permission" } }],
    ["gives something else", { status: 200, body: { count: 0 } }],
    ["gives no JSON", { status: 200, body: "<html>" }],
  ])("says that it gave no token, without the request token, and may be tried again: %s", async (_, act) => {
    signing.sandbox.faults.add({ door: "sigstore", method: "GET", path: /^\/token/, when: "before", times: 9, act });
    const error = await failure<ServerRefusal>(ServerRefusal, sign());
    expect([error.transient, error.message]).toEqual([
      true,
      `GET ${signing.sandbox.addresses.sigstore}/token: no answer: it returned no OIDC token`,
    ]);
  });
});

describe("servicesOf, when the signing config cannot be used", () => {
  it("names a file that is not there", async () => {
    const error = await failure(Error, sign({ ...signing.instance(), signingConfig: "nowhere.json" }));
    expect(error.message).toContain("nowhere.json");
  });
  it.each(["{", "{}", '{"caUrls":[]}'])("names a file that holds something else: %s", async (text) => {
    const signingConfig = join(signing.sandbox.folder, "signing_config.broken.json");
    await writeFile(signingConfig, text);
    const error = await failure(Error, sign({ ...signing.instance(), signingConfig }));
    expect(error.message).toBe(`${signingConfig} is not a signing config`);
  });
});
