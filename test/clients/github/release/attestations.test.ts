import { createHash } from "node:crypto";
import { compress } from "snappyjs";
import { afterEach, describe, expect, it } from "vitest";
import {
  listAttestationIds,
  listAttestations,
  postAttestation,
} from "../../../../clients/github/release/attestations.ts";
import { repositoryOf } from "../../../../clients/github/git-refs.ts";
import { signStatement } from "../../../../clients/sigstore/signing.ts";
import { ServerRefusal } from "../../../../errors/server-refusal.ts";
import { makeAttestationStatement, provenancePredicate } from "../../../../formats/signing/statement.ts";
import { failure } from "../../failure.ts";
import { localServer } from "../../local-server.ts";
import { signingSandbox } from "../../sigstore/signing-sandbox.ts";

const signing = signingSandbox();
let hosts: Awaited<ReturnType<typeof localServer>>[] = [];
afterEach(async () => {
  await Promise.all(hosts.map(({ close }) => close()));
  hosts = [];
});

/** A repository of its own, a digest and a bundle about it that is signed by a run in that repository. */
async function fresh() {
  const { fullName } = await signing.world.repository();
  signing.runWith({ repository: fullName, ref: "refs/tags/v1.0.0" });
  const digest = `sha256:${createHash("sha256").update(fullName).digest("hex")}`;
  const about = (predicate: object = {}) =>
    signStatement(
      makeAttestationStatement("ghcr.io/acme/widgets", digest, provenancePredicate, predicate),
      signing.instance(),
    );
  return { at: repositoryOf(fullName), fullName, digest, about };
}

const list = ({ at, digest }: Awaited<ReturnType<typeof fresh>>, type = provenancePredicate) =>
  listAttestations(at, digest, type);

/** Makes GitHub's next list name this one attestation. */
function answerList(fullName: string, entry: object, times = 1): void {
  signing.sandbox.faults.add({
    door: "github",
    method: "GET",
    path: new RegExp(`${fullName}/attestations/`),
    when: "before",
    times,
    act: { status: 200, body: { attestations: [entry] } },
  });
}

/** A host of bundles that answers what it is told, the last answer for ever. */
async function blobHost(...answers: { status?: number; body?: Buffer | string }[]) {
  let asked = 0;
  const host = await localServer((_, response) => {
    const { status = 200, body = "" } = answers[Math.min(asked++, answers.length - 1)] ?? {};
    response.writeHead(status).end(body);
  });
  hosts.push(host);
  return { ...host, entry: { bundle: null, bundle_url: `http://${host.address}/attestations/1.json.sn?sig=key` } };
}

const small = { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" };

describe("listAttestations, when nothing was posted", () => {
  it("lists nothing", async () => {
    expect(await list(await fresh())).toEqual([]);
  });
});

describe("postAttestation, when a bundle is posted", () => {
  it("is listed as it was", async () => {
    const one = await fresh();
    const bundle = await one.about();
    expect(await postAttestation(one.at, bundle)).toEqual(expect.any(Number));
    expect(await list(one)).toEqual([bundle]);
  });
  it("is listed under its predicate type only", async () => {
    const one = await fresh();
    await postAttestation(one.at, await one.about());
    expect(await list(one, "https://spdx.dev/Document")).toEqual([]);
  });
  it("is listed however many there are", async () => {
    const one = await fresh();
    const bundle = await one.about();
    for (let at = 0; at < 103; at += 1) {
      await postAttestation(one.at, bundle);
    }
    expect((await list(one)).length).toBe(103);
  });
});

describe("listAttestationIds", () => {
  it("lists the numbers that were given to what was posted, whatever it says, newest first", async () => {
    const one = await fresh();
    const bundle = await one.about();
    const ids = [await postAttestation(one.at, bundle), await postAttestation(one.at, bundle)];
    expect(await listAttestationIds(one.at, one.digest)).toEqual(ids.map(String).toReversed());
  });
  it("lists nothing if nothing was posted", async () => {
    const one = await fresh();
    expect(await listAttestationIds(one.at, one.digest)).toEqual([]);
  });
  it.each([
    [
      "GitHub's own form",
      "https://blobs.example/attestations/103962638/2026/08/31/44147842.json.sn?se=1&sig=2",
      "44147842",
    ],
    ["one that is not compressed", "https://blobs.example/attestations/7.json", "7"],
    ["no number", "https://blobs.example/attestations/latest.json.sn", undefined],
    ["a number in the query", "https://blobs.example/attestations?/7.json.sn", undefined],
    ["a number of too many digits", `https://blobs.example/${"7".repeat(17)}.json.sn`, undefined],
    ["no address", "7.json.sn", undefined],
    ["nothing", null, undefined],
  ])("reads the number of %s, and fetches nothing", async (_, address, id) => {
    const { fullName, at, digest } = await fresh();
    answerList(fullName, { bundle: null, bundle_url: address });
    expect(await listAttestationIds(at, digest)).toEqual([id]);
  });
});

describe("listAttestations, when bundles are at another host", () => {
  it("sends no token there", async () => {
    const { fullName, ...one } = await fresh();
    const host = await blobHost({ body: Buffer.from(compress(Buffer.from(JSON.stringify(small)))) });
    answerList(fullName, host.entry);
    expect(await list({ fullName, ...one })).toEqual([small]);
    expect(host.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ["/attestations/1.json.sn?sig=key", undefined],
    ]);
    expect(JSON.stringify(host.seen)).not.toContain(process.env["GITHUB_TOKEN"]);
  });
  it("takes one that is not compressed", async () => {
    const { fullName, ...one } = await fresh();
    const host = await blobHost({ body: JSON.stringify(small) });
    answerList(fullName, host.entry);
    expect(await list({ fullName, ...one })).toEqual([small]);
  });
  it("takes one that stands in the list itself", async () => {
    const { fullName, ...one } = await fresh();
    answerList(fullName, { bundle: small });
    expect(await list({ fullName, ...one })).toEqual([small]);
  });
  it("asks again where the host fails for a moment", async () => {
    const { fullName, ...one } = await fresh();
    const host = await blobHost({ status: 503 }, { body: JSON.stringify(small) });
    answerList(fullName, host.entry);
    expect(await list({ fullName, ...one })).toEqual([small]);
  });
  it.each([
    ["is refused", { status: 403, body: "<Error><Code>AuthenticationFailed</Code></Error>" }, /AuthenticationFailed/],
    ["gives nonsense", { body: "nonsense" }, /cannot be read/],
    ["gives what unpacks to no JSON", { body: Buffer.from(compress(Buffer.from("nonsense"))) }, /cannot be read/],
    ["gives what would unpack to a gigabyte", { body: Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0]) }, /too big/],
  ])("is an error, without the key of the address, where it %s", async (_, answer, words) => {
    const { fullName, ...one } = await fresh();
    const host = await blobHost(answer);
    answerList(fullName, host.entry);
    const error = await failure<ServerRefusal>(ServerRefusal, list({ fullName, ...one }));
    expect([error.words, error.transient]).toEqual([expect.stringMatching(words), false]);
    expect(error.message).not.toContain("sig=");
  });
  it("is not read on if it is too long", async () => {
    const { fullName, ...one } = await fresh();
    let sent = 0;
    const host = await localServer((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(2 ** 20, " "))) {
          sent += 2 ** 20;
        }
      };
      response.on("drain", more);
      more();
    });
    hosts.push(host);
    answerList(fullName, { bundle: null, bundle_url: `http://${host.address}/1.json?sig=key` });
    const error = await failure<ServerRefusal>(ServerRefusal, list({ fullName, ...one }));
    expect([error.words, error.transient]).toEqual(["the answer is longer than 33554432 bytes", false]);
    // What lies in the sockets on the way comes on top.
    expect(sent).toBeLessThan(64 * 2 ** 20);
  });
  it("is an error that may pass where it does not answer", async () => {
    const { fullName, ...one } = await fresh();
    const host = await blobHost({});
    await host.close();
    answerList(fullName, host.entry);
    const error = await failure<ServerRefusal>(ServerRefusal, list({ fullName, ...one }));
    expect([error.status, error.exhausted]).toEqual([0, true]);
  });
});

describe("listAttestations, when GitHub refuses", () => {
  it("tells its words to a bundle of another repository's run", async () => {
    const [one, other] = [await fresh(), await fresh()];
    const error = await failure<ServerRefusal>(ServerRefusal, postAttestation(one.at, await other.about()));
    expect([error.status, error.words]).toEqual([
      422,
      expect.stringMatching(/^Invalid Argument - values do not match/),
    ]);
  });
  it("does not post again by itself where the answer is lost", async () => {
    const one = await fresh();
    const bundle = await one.about();
    const path = /\/attestations$/;
    signing.sandbox.faults.add({ door: "github", method: "POST", path, when: "after", act: { status: 502 } });
    const error = await failure<ServerRefusal>(ServerRefusal, postAttestation(one.at, bundle));
    expect([error.transient, (await list(one)).length]).toEqual([true, 1]);
  });
});
