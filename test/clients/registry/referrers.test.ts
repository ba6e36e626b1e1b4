import { describe, expect, it } from "vitest";
import { attachBundle } from "./attached-bundle.ts";
import { bundlesOf } from "./bundles-of.ts";
import { bundleMediaType, signStatement } from "../../../clients/sigstore/signing.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";
import { explainError } from "../../../errors/explain-error.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { signaturePredicate, makeSignatureStatement } from "../../../formats/signing/statement.ts";
import { useDockerConfig } from "./docker-config.ts";
import { failure } from "../failure.ts";
import { signingSandbox } from "../sigstore/signing-sandbox.ts";

const signing = signingSandbox();

/** An image and a bundle about it that is not attached yet. */
/** @param owner one whose registry was not seen to have no referrers API. Default: the one of the other images */
async function signed(owner?: string) {
  const image = await signing.image(undefined, owner);
  const bundle = await signStatement(makeSignatureStatement(image.digest), signing.instance());
  return { ...image, bundle };
}
const attach = (repository: string, digest: string, bundle: StoredBundle) =>
  attachBundle(repository, digest, bundle, signaturePredicate);

describe("attachedTo, when nothing is attached", () => {
  it("finds nothing", async () => {
    const { repository, digest } = await signing.image();
    expect(await bundlesOf(repository, digest)).toEqual([]);
  });
  it("finds nothing of a digest that is not there", async () => {
    const { repository } = await signing.image();
    expect(await bundlesOf(repository, `sha256:${"0".repeat(64)}`)).toEqual([]);
  });
});

describe("attachedTo, when a bundle is attached", () => {
  it("is found as it was", async () => {
    const { repository, digest, bundle } = await signed();
    await attach(repository, digest, bundle);
    expect(await bundlesOf(repository, digest)).toEqual([bundle]);
  });
  it("is found beside others", async () => {
    const { repository, digest, bundle } = await signed();
    const other = await signStatement(makeSignatureStatement(digest), signing.instance());
    await attach(repository, digest, bundle);
    await attach(repository, digest, other);
    expect(await bundlesOf(repository, digest)).toEqual([bundle, other]);
  });
  it("is found without a login where the repository is public", async () => {
    const { repository, digest, bundle } = await signed();
    await attach(repository, digest, bundle);
    await useDockerConfig({});
    expect(await bundlesOf(repository, digest)).toEqual([bundle]);
  });
  it("is attached and found where the repository is private", async () => {
    const { repository, name, digest, bundle } = await signed();
    signing.sandbox.registry.hide(name);
    await attach(repository, digest, bundle);
    expect(await bundlesOf(repository, digest)).toEqual([bundle]);
  });
});

describe("attachedTo, when something else is attached", () => {
  it.each([
    ["a layer of another type", "application/vnd.example+json", "{}"],
    ["what is not JSON", bundleMediaType, "not a bundle"],
    ["nothing", bundleMediaType, ""],
  ])("finds no bundle in it: %s", async (_, mediaType, text) => {
    const image = await signing.image();
    await signing.attachByHand(image, { mediaType, text });
    expect(await bundlesOf(image.repository, image.digest)).toEqual([]);
  });
  it("passes over one that is listed and gone", async () => {
    const image = await signing.image();
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const present = { mediaType, digest: image.digest, size: 1 };
    await signing.list(image, [present]);
    expect(await bundlesOf(image.repository, image.digest)).toEqual([]);
  });
  it("keeps it in the list", async () => {
    const { bundle, ...image } = await signed();
    await signing.attachByHand(image, { mediaType: "application/vnd.example+json", text: "{}" });
    const before = await signing.listed(image);
    await attach(image.repository, image.digest, bundle);
    expect(await signing.listed(image)).toEqual([...before, expect.stringMatching(/^sha256:/)]);
  });
});

describe("attachedTo, when the registry has no referrers API", () => {
  it("asks for it once in a namespace, if the tag that replaces it exists", async () => {
    const [first, second, third] = [
      await signed("without-api"),
      await signed("without-api"),
      await signed("without-api"),
    ];
    const mark = signing.sandbox.journal.mark();
    await bundlesOf(first.repository, first.digest);
    await attach(second.repository, second.digest, second.bundle);
    await bundlesOf(second.repository, second.digest);
    const asked = () => signing.sandbox.journal.since(mark, { path: /referrers/, method: "GET" }).length;
    const before = asked();
    await bundlesOf(third.repository, third.digest);
    await bundlesOf(second.repository, second.digest);
    expect(asked() - before).toBe(0);
  });
});

describe("attachedTo, when the registry refuses", () => {
  it("is told with its words and the request that it refused", async () => {
    const { repository, name, digest, bundle } = await signed();
    signing.sandbox.registry.refuse(name);
    const error = await failure<ServerRefusal>(ServerRefusal, attach(repository, digest, bundle));
    expect([error.request, error.status, error.words, explainError(error, "signing").code]).toEqual([
      `POST http://${signing.sandbox.addresses.registry}/v2/${name}/blobs/uploads/`,
      403,
      "DENIED: permission_denied: write_package",
      "DENIED",
    ]);
  });
  it("is told that there is no login", async () => {
    const { repository, digest, bundle } = await signed();
    await useDockerConfig({});
    const error = explainError(await failure(ServerRefusal, attach(repository, digest, bundle)), "signing");
    expect([error.code, error.parts.fix]).toEqual(["CREDENTIALS_MISSING", expect.stringContaining("docker login")]);
  });
  it("does not tell the password", async () => {
    const { repository, digest, bundle } = await signed();
    const auth = Buffer.from("maintainer:wr0ng-password").toString("base64");
    await useDockerConfig({ auths: { [signing.sandbox.addresses.registry]: { auth } } });
    const error = explainError(await failure(ServerRefusal, attach(repository, digest, bundle)), "signing");
    for (const secret of ["wr0ng-password", auth]) {
      expect(error.message).not.toContain(secret);
    }
  });
  it.each([
    ["before", "reset", 0],
    ["before", { status: 503 }, 503],
    ["after", "reset", 0],
  ] as const)("may be tried again where the list cannot be written: %s, %j", async (when, act, status) => {
    const { repository, digest, bundle } = await signed();
    signing.sandbox.faults.add({ door: "registry", method: "PUT", path: /manifests\/sha256-/, when, act });
    const error = await failure<ServerRefusal>(ServerRefusal, attach(repository, digest, bundle));
    expect([error.status, error.transient]).toEqual([status, true]);
  });
  it.each([
    ["403", { status: 403, body: { errors: [{ code: "DENIED", message: "denied" }] } }, 403],
    ["503 five times", { status: 503 }, 503],
  ])("is an error to look where the referrers API answers %s", async (what, act, status) => {
    const { repository, digest } = await signed(`owner-${what.slice(0, 3)}`);
    signing.sandbox.faults.add({ door: "registry", method: "GET", path: /referrers/, when: "before", times: 5, act });
    expect((await failure<ServerRefusal>(ServerRefusal, bundlesOf(repository, digest))).status).toBe(status);
    signing.sandbox.faults.clear();
  });
  it("looks again where the referrers API fails once", async () => {
    const { repository, digest } = await signed("owner-once");
    const act = { status: 503 };
    signing.sandbox.faults.add({ door: "registry", method: "GET", path: /referrers/, when: "before", act });
    expect(await bundlesOf(repository, digest)).toEqual([]);
    expect(signing.sandbox.faults.waiting).toBe(0);
  });
  it("is an error to look, not an empty list", async () => {
    const { repository, digest } = await signed();
    const act = { status: 403, body: { errors: [{ code: "DENIED", message: "denied" }] } };
    signing.sandbox.faults.add({ door: "registry", method: "GET", path: /manifests/, when: "before", times: 99, act });
    expect((await failure<ServerRefusal>(ServerRefusal, bundlesOf(repository, digest))).status).toBe(403);
  });
});
