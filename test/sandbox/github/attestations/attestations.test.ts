import { uncompress } from "snappyjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../../../sandbox/sandbox.ts";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import type { ApiAnswer } from "../../github-client.ts";
import { signStatement } from "../../sigstore/sigstore-client.ts";
import { temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
let made = 0;
const attestationsPath = "/repos/acme/widgets/attestations";
const slsaPredicate = "https://slsa.dev/provenance/v1";
const spdxPredicate = "https://spdx.dev/Document";

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  for (const name of ["widgets", "gadgets"]) {
    await sandbox.github.createRepository(`acme/${name}`);
  }
  await sandbox.github.createRepository("acme/secret", { private: true });
});
afterAll(async () => {
  const violations = sandbox.violations();
  await forget();
  expect(violations).toEqual([]);
});

interface Entry {
  repository_id: number;
  bundle: null;
  bundle_url: string;
}

/** A digest that no other test has. */
function freshDigest(): string {
  return (++made).toString(16).padStart(64, "0");
}

/** A signed bundle about a digest, of a run in `acme/widgets`. */
function bundleAbout(
  hex: string,
  predicateType = slsaPredicate,
  subjects: object[] = [{ name: "app", digest: { sha256: hex } }],
) {
  const statement = { _type: "https://in-toto.io/Statement/v1", subject: subjects, predicateType, predicate: {} };
  return signStatement(sandbox.sigstore, {}, statement);
}

/** Posts one and gives its digest back. */
async function posted(predicateType = slsaPredicate, hex = freshDigest()): Promise<{ hex: string; answer: ApiAnswer }> {
  const answer = await api.post(attestationsPath, { bundle: await bundleAbout(hex, predicateType) });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return { hex, answer };
}

async function list(hex: string, query = "", options = {}): Promise<Entry[]> {
  const answer = await api.get(`${attestationsPath}/sha256:${hex}${query}`, options);
  return (answer.body["attestations"] ?? []) as Entry[];
}

describe("the sandbox's attestations, when an attestation is posted", () => {
  it("has an id", async () => {
    const { answer } = await posted();
    expect(answer.body).toEqual({ id: expect.any(Number) });
  });
  it("is listed under its digest without the bundle, with the address of one", async () => {
    const { hex } = await posted();
    const [entry, ...more] = await list(hex);
    expect([entry?.bundle, more]).toEqual([null, []]);
    expect(entry?.bundle_url.startsWith(`${sandbox.addresses.web}/acme/widgets/attestation-bundles/`)).toBe(true);
  });
  it("is listed for people without a token", async () => {
    const { hex } = await posted();
    expect((await list(hex, "", { token: "" })).length).toBe(1);
  });
  it("is there twice if it is posted twice", async () => {
    const { hex } = await posted();
    await posted(slsaPredicate, hex);
    expect((await list(hex)).length).toBe(2);
  });
  it("is listed under each of its subjects", async () => {
    const [one, two] = [freshDigest(), freshDigest()];
    const subjects = [{ digest: { sha256: one } }, { digest: { sha256: two } }];
    await api.post(attestationsPath, { bundle: await bundleAbout(one, slsaPredicate, subjects) });
    expect([(await list(one)).length, (await list(two)).length]).toEqual([1, 1]);
  });
  it("stands in the journal without the key of its address", async () => {
    const { hex } = await posted();
    const mark = sandbox.journal.mark();
    const [entry] = await list(hex);
    await fetch(entry?.bundle_url ?? "");
    const [, download] = sandbox.journal.since(mark).map(({ path, repository }) => ({ path, repository }));
    expect(download).toEqual({ path: expect.stringMatching(/&sig=\*\*\*$/), repository: "acme/widgets" });
  });
});

describe("the sandbox's attestations, when a bundle is fetched", () => {
  it("is the one that was posted, compressed with snappy", async () => {
    const hex = freshDigest();
    const bundle = await bundleAbout(hex);
    await api.post(attestationsPath, { bundle });
    const [entry] = await list(hex);
    const answer = await fetch(entry?.bundle_url ?? "");
    const bytes = uncompress(Buffer.from(await answer.arrayBuffer()));
    expect([answer.headers.get("content-type"), JSON.parse(bytes.toString())]).toEqual([
      "application/x-snappy",
      bundle,
    ]);
  });
  it("is refused to whoever shows a token", async () => {
    const { hex } = await posted();
    const [entry] = await list(hex);
    const headers = { authorization: `Bearer ${sandbox.environment["GITHUB_TOKEN"] ?? ""}` };
    const answer = await fetch(entry?.bundle_url ?? "", { headers });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("InvalidAuthenticationInfo")]);
  });
  it.each([
    ["another key", (address: URL) => address.searchParams.set("sig", "x".repeat(43))],
    ["a longer time", (address: URL) => address.searchParams.set("se", "9999999999")],
    ["another bundle", (address: URL) => (address.pathname = address.pathname.replace(/\d+\.json/, "1.json"))],
    ["no key", (address: URL) => address.searchParams.delete("sig")],
  ])("is refused at an address with %s", async (_, change) => {
    const { hex } = await posted();
    const [entry] = await list(hex);
    const address = new URL(entry?.bundle_url ?? "");
    change(address);
    expect((await fetch(address)).status).toBe(403);
  });
});

describe("the sandbox's attestations, when attestations are listed", () => {
  it("are not there, with 404, where a digest has none", async () => {
    expect((await api.get(`${attestationsPath}/sha256:${"f".repeat(64)}`)).status).toBe(404);
  });
  it.each([
    ["provenance", 1],
    ["sbom", 1],
    ["release", 0],
    [slsaPredicate, 1],
    ["https://example.com/v1", 1],
  ])("are those of the predicate type that is asked for: %s", async (type, count) => {
    const { hex } = await posted(slsaPredicate);
    for (const other of [spdxPredicate, "https://example.com/v1"]) {
      await posted(other, hex);
    }
    expect((await list(hex, `?predicate_type=${encodeURIComponent(type)}`)).length).toBe(count);
  });
  it("come in pages, newest first, there and back", async () => {
    const hex = freshDigest();
    for (let at = 0; at < 5; at += 1) {
      await posted(slsaPredicate, hex);
    }
    const page = async (query: string) => {
      const { body, headers } = await api.get(`${attestationsPath}/sha256:${hex}?per_page=2${query}`);
      const ids = (body["attestations"] as Entry[]).map(({ bundle_url }) =>
        Number(/(\d+)\.json/.exec(bundle_url)?.[1]),
      );
      const links = Object.fromEntries(
        [...(headers.get("link") ?? "").matchAll(/[?&]((?:after|before)=[^&>]+)[^>]*>; rel="(\w+)"/g)].map(
          ([, cursor = "", relation = ""]) => [relation, cursor],
        ),
      );
      return { ids, links };
    };
    const first = await page("");
    const second = await page(`&${first.links["next"]}`);
    const third = await page(`&${second.links["next"]}`);
    const all = [first, second, third].flatMap(({ ids }) => ids);
    expect(all).toEqual(all.toSorted((a, b) => b - a));
    expect([all.length, first.links["prev"], third.links["next"]]).toEqual([5, undefined, undefined]);
    expect((await page(`&${third.links["prev"]}`)).ids).toEqual(second.ids);
  });
});

describe("the sandbox's attestations, when a bundle does not fit", () => {
  it("is refused in another repository than its run's", async () => {
    const bundle = await bundleAbout(freshDigest());
    const { status, body } = await api.post("/repos/acme/gadgets/attestations", { bundle });
    expect([status, body["message"]]).toEqual([
      422,
      "Invalid Argument - values do not match: https://github.com/acme/widgets != https://github.com/acme/gadgets",
    ]);
  });
  it("is refused with one subject twice", async () => {
    const hex = freshDigest();
    const subject = { name: "app", digest: { sha256: hex } };
    const { status, body } = await api.post(attestationsPath, {
      bundle: await bundleAbout(hex, slsaPredicate, [subject, subject]),
    });
    expect([status, body["message"]]).toEqual([422, "Invalid Argument - duplicate subject in statement"]);
  });
  it.each([
    ["no certificate", { mediaType: "x", verificationMaterial: {}, dsseEnvelope: {} }],
    ["a certificate that is none", { verificationMaterial: { certificate: { rawBytes: "AAAA" } }, dsseEnvelope: {} }],
  ])("is refused with %s", async (_, bundle) => {
    expect((await api.post(attestationsPath, { bundle })).status).toBe(422);
  });
  it("is refused without a statement", async () => {
    const { dsseEnvelope: _, ...rest } = await bundleAbout(freshDigest());
    expect((await api.post(attestationsPath, { bundle: rest })).status).toBe(422);
  });
});

describe("the sandbox's attestations, when a token may not do it", () => {
  const bodyFor = async () => ({ bundle: await bundleAbout(freshDigest()) });
  it("is refused without a token", async () => {
    expect((await api.post(attestationsPath, await bodyFor(), { token: "" })).status).toBe(401);
  });
  it("is refused to a job without `attestations: write`", async () => {
    const permissions = { contents: "write" } as const;
    sandbox.github.tokens.set("job", { kind: "actions", repository: "acme/widgets", permissions });
    const { status, body, headers } = await api.post(attestationsPath, await bodyFor(), { token: "job" });
    expect([status, body["message"], headers.get("x-accepted-github-permissions")]).toEqual([
      403,
      "Resource not accessible by integration",
      "attestations=write",
    ]);
  });
  it("is taken from a job with it", async () => {
    const permissions = { contents: "write", attestations: "write" } as const;
    sandbox.github.tokens.set("signing-job", { kind: "actions", repository: "acme/widgets", permissions });
    expect((await api.post(attestationsPath, await bodyFor(), { token: "signing-job" })).status).toBe(201);
  });
  it("is refused to a reader", async () => {
    sandbox.github.tokens.set("reader", { login: "visitor", push: false });
    expect((await api.post(attestationsPath, await bodyFor(), { token: "reader" })).status).toBe(403);
  });
});

describe("the sandbox's attestations, when the repository is private and a person's", () => {
  it("refuses attestations with GitHub's words", async () => {
    const { status, body } = await api.post("/repos/acme/secret/attestations", { bundle: {} });
    expect(status).toBe(403);
    expect(body["message"]).toMatch(/^Feature not available for user-owned private repositories\./);
  });
  it("lists none to a job without `attestations: read`", async () => {
    sandbox.github.tokens.set("job", {
      kind: "actions",
      repository: "acme/secret",
      permissions: { contents: "write" },
    });
    const path = `/repos/acme/secret/attestations/sha256:${freshDigest()}`;
    expect([(await api.get(path, { token: "job" })).status, (await api.get(path)).status]).toEqual([403, 404]);
  });
});

describe("the sandbox's attestations, when attestations are deleted", () => {
  it.each(["orgs", "users"])("are gone by digest: /%s", async (owners) => {
    const { hex } = await posted();
    expect((await api.delete(`/${owners}/acme/attestations/digest/sha256:${hex}`)).status).toBe(204);
    expect(await list(hex)).toEqual([]);
  });
  it("are gone by id, and no others", async () => {
    const { hex, answer } = await posted();
    await posted(slsaPredicate, hex);
    expect((await api.delete(`/orgs/acme/attestations/${String(answer.body["id"])}`)).status).toBe(204);
    expect((await list(hex)).length).toBe(1);
  });
  it("have no bundle any more", async () => {
    const { hex } = await posted();
    const [entry] = await list(hex);
    await api.delete(`/orgs/acme/attestations/digest/sha256:${hex}`);
    expect((await fetch(entry?.bundle_url ?? "")).status).toBe(404);
  });
  it("cannot be deleted twice", async () => {
    expect((await api.delete(`/orgs/acme/attestations/digest/sha256:${"e".repeat(64)}`)).status).toBe(404);
  });
  it("cannot be deleted by a reader", async () => {
    sandbox.github.tokens.set("reader", { login: "visitor", push: false });
    const { hex } = await posted();
    const answer = await api.delete(`/orgs/acme/attestations/digest/sha256:${hex}`, { token: "reader" });
    expect([answer.status, (await list(hex)).length]).toEqual([403, 1]);
  });
});

describe("the sandbox's attestations, when the sandbox is started again", () => {
  it("still has them", async () => {
    const { hex } = await posted();
    await sandbox.close();
    sandbox = await startSandbox({ folder: sandbox.folder, builder: false });
    api = githubClient(sandbox);
    const [entry] = await list(hex);
    expect((await fetch(entry?.bundle_url ?? "")).status).toBe(200);
  });
});
