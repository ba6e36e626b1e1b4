import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { attachBundle, bundlesOf } from "../../clients/referrers.ts";
import { signStatement } from "../../clients/signing.ts";
import {
  attestationStatement,
  provenancePredicate,
  signaturePredicate,
  signatureStatement,
} from "../../formats/statement.ts";
import type { FaultAct } from "../../sandbox/faults.ts";
import { useDockerConfig } from "../clients/docker-config.ts";
import { signingSandbox } from "../clients/signing-sandbox.ts";
import type { SignableImage } from "../clients/signing-sandbox.ts";
import { engineHost } from "./engine-host.ts";
import { releaseErrorOf } from "./release-error-of.ts";

const signing = signingSandbox();
const host = engineHost("signature");
const attestation = engineHost("attestation");
const entries = (): number => signing.sandbox.sigstore.entries();
const writes = (mark: number) => signing.sandbox.journal.writes(mark);
const signature = ["verify-attestation", "--type", signaturePredicate] as const;
const accepted = ({ reference }: SignableImage) => signing.cosign(...signature, reference);

async function signed(rekor: 1 | 2 = 1) {
  const image = await signing.image(rekor);
  const { outs } = await host.create(image.inputs);
  return { image, outs };
}

describe.each([1, 2] as const)("when a digest carries no signature, over Rekor %i", (rekor) => {
  it("is signed so that cosign accepts it", async () => {
    const { image } = await signed(rekor);
    expect(await accepted(image)).toMatchObject({ exitCode: 0, accepted: 1 });
  });
  it("has one bundle and one log entry more", async () => {
    const before = entries();
    const { image } = await signed(rekor);
    expect([entries() - before, (await signing.listed(image)).length]).toEqual([1, 1]);
  });
});

describe("when a digest carries our signature", () => {
  it("has repository and digest as id, and its inputs in the state", async () => {
    const image = await signing.image();
    const { id, outs } = await host.create(image.inputs);
    expect([id, outs]).toEqual([image.reference, { kind: "signature", ...image.inputs }]);
  });
  it("is found", async () => {
    const { image, outs } = await signed();
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: { kind: "signature", ...image.inputs } });
  });
  it("is neither signed nor written again, whatever is asked", async () => {
    const { image, outs } = await signed();
    const [mark, before] = [signing.sandbox.journal.mark(), entries()];
    await host.create(image.inputs);
    await host.update(outs, image.inputs);
    await host.read(outs);
    await host.delete(outs);
    expect([writes(mark), entries()]).toEqual([[], before]);
  });
  it("is found by another commit's run at another tag", async () => {
    const { image } = await signed();
    signing.runAs(undefined, "refs/tags/v1.0.1");
    const before = entries();
    await host.create(image.inputs);
    expect(entries()).toBe(before);
  });
  it("is found without a login where the repository is public", async () => {
    const { outs } = await signed();
    await useDockerConfig({});
    expect((await host.read(outs)).id).toBe("id");
  });
  it("is made and found where the repository is private", async () => {
    const image = await signing.image();
    signing.sandbox.registry.hide(image.name);
    const { outs } = await host.create(image.inputs);
    expect((await host.read(outs)).id).toBe("id");
  });
  it("cannot be looked for without a login where the repository is private, and is not gone", async () => {
    const { inputs, name } = await signing.image();
    signing.sandbox.registry.hide(name);
    await useDockerConfig({});
    expect((await releaseErrorOf(host.read({ ...inputs }))).code).toBe("CREDENTIALS_REFUSED");
  });
  it("is gone where it was removed", async () => {
    const { image, outs } = await signed();
    await signing.list(image, []);
    expect(await host.read(outs)).toEqual({});
  });
  it("is put back where it was removed", async () => {
    const { image } = await signed();
    await signing.list(image, []);
    await host.create(image.inputs);
    expect((await accepted(image)).accepted).toBe(1);
  });
  it.each([403, 500])("fails and keeps the state where the registry says %i", async (status) => {
    const { outs } = await signed();
    const act = { status, body: { errors: [{ code: "DENIED", message: "no" }] } };
    signing.sandbox.faults.add({ door: "registry", method: "GET", path: /manifests/, when: "before", times: 99, act });
    expect((await releaseErrorOf(host.read(outs))).parts.step).toContain("looking at: signing");
  });
});

describe("when a digest carries what does not count", () => {
  const foreign: [string, (image: SignableImage) => Promise<void>][] = [
    [
      "a signature by another workflow",
      async ({ repository, digest }) => {
        signing.runAs("evil/widgets/.github/workflows/release.yml");
        await attach(repository, digest, signatureStatement(digest));
        signing.runAs();
      },
    ],
    [
      "a signature of another ref",
      async ({ repository, digest }) => {
        signing.runAs(undefined, "refs/heads/main");
        await attach(repository, digest, signatureStatement(digest));
        signing.runAs();
      },
    ],
    [
      "our provenance",
      ({ repository, digest }) =>
        attach(repository, digest, attestationStatement(repository, digest, provenancePredicate, {})),
    ],
    [
      "our signature of another digest",
      ({ repository, digest }) => attach(repository, digest, signatureStatement(`sha256:${"d".repeat(64)}`)),
    ],
    [
      "a signature with another predicate",
      ({ repository, digest }) =>
        attach(repository, digest, { ...signatureStatement(digest), predicate: { more: true } }),
    ],
    [
      "what is no bundle",
      (image) =>
        signing.attachByHand(image, { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json", text: "no bundle" }),
    ],
  ];
  const attach = async (repository: string, digest: string, statement: Parameters<typeof signStatement>[0]) =>
    attachBundle(repository, digest, await signStatement(statement, signing.instance()), statement.predicateType);

  it.each(foreign)("is not found, and gets ours beside it: %s", async (_, plant) => {
    const image = await signing.image();
    await plant(image);
    expect(await host.read({ ...image.inputs })).toEqual({});
    const before = await signing.listed(image);
    await host.create(image.inputs);
    expect((await host.read({ ...image.inputs })).id).toBe("id");
    expect(await signing.listed(image)).toEqual([...before, expect.stringMatching(/^sha256:/)]);
  });
  it("is not found by who expects tokens of another issuer", async () => {
    const { image } = await signed();
    const identity = signing.identity({ issuer: "https://token.actions.githubusercontent.com" });
    expect(await host.read({ ...image.inputs, identity })).toEqual({});
  });
});

describe("when this run is not who is expected", () => {
  const elsewhere = [
    ["another workflow", "acme/widgets/.github/workflows/other.yml", "refs/tags/v1.0.0"],
    ["another ref", undefined, "refs/heads/main"],
  ] as const;
  it.each(elsewhere)("fails and names both, and attaches nothing: %s", async (_, file, ref) => {
    const image = await signing.image();
    signing.runAs(file, ref);
    const mark = signing.sandbox.journal.mark();
    const error = await releaseErrorOf(host.create(image.inputs));
    expect(error.code).toBe("SIGNING_FAILED");
    expect(error.parts.reason).toContain(`${file ?? image.inputs.identity.workflow}@${ref}`);
    expect(error.parts.reason).toContain(`expected ${image.inputs.identity.workflow} at refs/tags/*`);
    expect(signing.sandbox.journal.writes(mark, { door: "registry" })).toEqual([]);
    expect(await signing.listed(image)).toEqual([]);
  });
  it("says so where the tokens are of another issuer", async () => {
    const image = await signing.image();
    const identity = signing.identity({ issuer: "https://token.actions.githubusercontent.com" });
    expect((await releaseErrorOf(host.create({ ...image.inputs, identity }))).code).toBe("SIGNING_FAILED");
  });
});

describe("when there is no token", () => {
  it("fails at once and says how to get one, and attaches nothing", async () => {
    const image = await signing.image();
    vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const mark = signing.sandbox.journal.mark();
    const error = await releaseErrorOf(host.create(image.inputs));
    expect([error.code, error.parts.fix]).toEqual(["SIGNING_FAILED", expect.stringContaining("id-token: write")]);
    expect(writes(mark)).toEqual([]);
  });
});

describe("when a service fails", () => {
  const paths = [/signingCert/, /log\/entries/, /timestamp/];
  const faults = paths.flatMap((path) =>
    (["reset", { status: 503 }] as FaultAct[]).map((act) => [path.source, act] as const),
  );
  it.each(faults)("is signed all the same, with one bundle: %s, %j", async (path, act) => {
    const image = await signing.image();
    signing.sandbox.faults.add({ door: "sigstore", method: "POST", path: new RegExp(path), when: "before", act });
    await host.create(image.inputs);
    expect([(await signing.listed(image)).length, (await host.read({ ...image.inputs })).id]).toEqual([1, "id"]);
  });
  it("logs a second entry at most where only Rekor's answer was lost, and cosign accepts", async () => {
    const image = await signing.image();
    const before = entries();
    signing.sandbox.faults.add({ door: "sigstore", method: "POST", path: /log\/entries/, when: "after", act: "reset" });
    await host.create(image.inputs);
    expect([entries() - before, (await accepted(image)).accepted]).toEqual([2, 1]);
  });
  it.each(paths.map((path) => path.source))(
    "gives up after five tries, in its words, and attaches nothing: %s",
    async (path) => {
      const image = await signing.image();
      const act = { status: 503, body: { message: "closed for repairs" } };
      const fault = {
        door: "sigstore",
        method: "POST",
        path: new RegExp(path),
        when: "before",
        times: 99,
        act,
      } as const;
      signing.sandbox.faults.add(fault);
      const mark = signing.sandbox.journal.mark();
      const error = await releaseErrorOf(host.create(image.inputs));
      const tries = signing.sandbox.journal.since(mark, { door: "sigstore", path: new RegExp(path) }).length;
      expect([error.code, error.parts.step, tries]).toEqual(["SERVER_FAULT", `signing ${image.reference}`, 5]);
      expect(error.parts.reason).toContain("closed for repairs (status 503 to POST ");
      expect(signing.sandbox.journal.writes(mark, { door: "registry" })).toEqual([]);
    },
  );
  it("tells no secret, whatever fails", async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_TOKEN: request = "", GITHUB_TOKEN: password = "" } = signing.sandbox.environment;
    for (const [door, path] of [
      ...paths.map((each) => ["sigstore", each] as const),
      ["registry", /uploads/] as const,
    ]) {
      const image = await signing.image();
      const act = { status: 403, body: { message: "no" } };
      const disarm = signing.sandbox.faults.add({ door, method: "POST", path, when: "before", times: 99, act });
      const { message } = await releaseErrorOf(host.create(image.inputs));
      disarm();
      expect(message).not.toMatch(/eyJ[\w-]+\.[\w-]+/);
      for (const secret of [request, password]) expect(message).not.toContain(secret);
    }
  });
});

describe("when the registry loses an answer", () => {
  it.each(["reset", { status: 500 }] as const)(
    "signs once where only the answer about the list was lost: %j",
    async (act) => {
      const image = await signing.image();
      const before = entries();
      const fault = { door: "registry", method: "PUT", path: /manifests\/sha256-/, when: "after", act } as const;
      signing.sandbox.faults.add(fault);
      await host.create(image.inputs);
      expect([entries() - before, (await signing.listed(image)).length]).toEqual([1, 1]);
    },
  );
  it.each([
    ["POST", /uploads/],
    ["PUT", /uploads?/],
    ["PUT", /manifests\/sha256:/],
    ["PUT", /manifests\/sha256-/],
  ] as const)("converges where %s %s had no effect", async (method, path) => {
    const image = await signing.image();
    signing.sandbox.faults.add({ door: "registry", method, path, when: "before", act: "reset" });
    await host.create(image.inputs);
    expect((await host.read({ ...image.inputs })).id).toBe("id");
  });
  it("is told in words what to do where the list does not keep the bundle", async () => {
    const image = await signing.image();
    const empty = async (): Promise<void> => signing.list(image, []);
    // A twin of another process writes its own list right after ours.
    const act = async (): Promise<void> => void (signing.sandbox.faults.clear(), await empty());
    signing.sandbox.faults.add({ door: "registry", method: "PUT", path: /manifests\/sha256-/, when: "after", act });
    const error = await releaseErrorOf(host.create(image.inputs));
    expect([error.code, error.parts.fix]).toEqual(["SIGNING_FAILED", expect.stringContaining("Run it again")]);
    await host.create(image.inputs);
    expect((await host.read({ ...image.inputs })).id).toBe("id");
  });
});

describe("when several write at one digest at once", () => {
  it("signs once where two sign the same", async () => {
    const image = await signing.image();
    const before = entries();
    await Promise.all([host.create(image.inputs), host.create(image.inputs)]);
    expect([entries() - before, (await signing.listed(image)).length]).toEqual([1, 1]);
  });
  it("signs for the second where the first fails", async () => {
    const image = await signing.image();
    const wrong = signing.identity({ refs: "refs/heads/*" });
    const [first] = await Promise.allSettled([
      host.create({ ...image.inputs, identity: wrong }),
      host.create(image.inputs),
    ]);
    expect([first.status, (await host.read({ ...image.inputs })).id]).toEqual(["rejected", "id"]);
  });
  it("keeps all of six statements and a signature, and cosign accepts each", async () => {
    const image = await signing.image();
    const types = Array.from({ length: 6 }, (_, at) => `https://example.com/kind-${at}/v1`);
    await Promise.all([
      ...types.map((predicateType) =>
        attestation.create({ ...image.inputs, predicateType, predicate: { of: predicateType } }),
      ),
      host.create(image.inputs),
    ]);
    expect((await bundlesOf(image.repository, image.digest)).length).toBe(7);
    const verdicts = await Promise.all(
      [...types, signaturePredicate].map((type) =>
        signing.cosign("verify-attestation", "--type", type, image.reference),
      ),
    );
    expect(verdicts.map(({ exitCode }) => exitCode)).toEqual(Array(7).fill(0));
  });
});

describe("when GitHub's own client looks at a bundle of ours", () => {
  it("accepts the provenance of our workflow, and refuses another repository's", async () => {
    const image = await signing.image();
    const file = join(signing.sandbox.folder, "subject.txt");
    await writeFile(file, "the subject");
    const subject = "sha256:" + (await execa("sha256sum", [file])).stdout.split(" ", 1)[0];
    const statement = attestationStatement("subject.txt", subject, provenancePredicate, {});
    const bundle = join(signing.sandbox.folder, "subject.sigstore.json");
    await writeFile(bundle, JSON.stringify(await signStatement(statement, image.inputs.sigstore)));
    const look = (repository: string) => {
      const { trustedRootLines, issuer } = signing.sandbox.sigstore;
      const trust = ["--custom-trusted-root", trustedRootLines, "--cert-oidc-issuer", issuer];
      const args = ["attestation", "verify", file, "--bundle", bundle, ...trust, "--repo", repository];
      return execa("gh", args, { env: { GH_TOKEN: "none", GH_CONFIG_DIR: signing.sandbox.folder }, reject: false });
    };
    expect((await look("acme/widgets")).exitCode).toBe(0);
    expect((await look("evil/widgets")).exitCode).toBe(1);
  });
});
