import { describe, expect, it, onTestFinished, vi } from "vitest";
import { signaturePredicate } from "../../../formats/signing/statement.ts";
import type { Answer } from "../../../sandbox/door/answer.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { useDockerConfig } from "../../clients/registry/docker-config.ts";
import { signingSandbox } from "../../clients/sigstore/signing-sandbox.ts";
import type { SignableImage } from "../../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const signing = signingSandbox();
const host = engineHost("signature");
const entries = (): number => signing.sandbox.sigstore.entries();
const writes = (mark: number) => signing.sandbox.journal.writes(mark);
const signature = ["verify-attestation", "--type", signaturePredicate] as const;
const accepted = ({ reference }: SignableImage) => signing.cosign(...signature, reference);

// What holds of any Sigstore is in ../conformance/signature-facts.ts.
async function signed() {
  const image = await signing.image();
  const { outs } = await host.create(image.inputs);
  return { image, outs };
}

describe("signatureProvider, when a digest carries our signature", () => {
  it("has repository and digest as id, and its inputs in the state", async () => {
    const image = await signing.image();
    const { id, outs } = await host.create(image.inputs);
    expect([id, outs]).toEqual([image.reference, { kind: "signature", ...image.inputs }]);
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
  it.each([403, 500])("fails and keeps the state where the registry says %i", async (status) => {
    const { outs } = await signed();
    const act = { status, body: { errors: [{ code: "DENIED", message: "no" }] } };
    signing.sandbox.faults.add({ door: "registry", method: "GET", path: /manifests/, when: "before", times: 99, act });
    expect((await releaseErrorOf(host.read(outs))).parts.step).toContain("checking: signing");
  });
});

describe("signatureProvider, when strangers attach thousands of things", () => {
  it("is found among the first, and not signed again", async () => {
    const { image, outs } = await signed();
    const filler = Array.from({ length: 3000 }, (_, at) => ({
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: `sha256:${at.toString(16).padStart(64, "0")}`,
      size: 1,
      artifactType: "application/vnd.example+json",
    }));
    const change = (answer: Answer): Answer => {
      const list = JSON.parse(String(answer.body)) as { manifests: object[] };
      return { ...answer, body: JSON.stringify({ ...list, manifests: [...filler, ...list.manifests] }) };
    };
    const fault = { door: "registry", method: "GET", path: /manifests\/sha256-/, when: "after", times: 2 } as const;
    signing.sandbox.faults.add({ ...fault, act: { change } });
    const [mark, before] = [signing.sandbox.journal.mark(), entries()];
    expect((await host.read(outs)).id).toBe("id");
    await host.create(image.inputs);
    expect([signing.sandbox.faults.waiting, entries() - before, writes(mark)]).toEqual([0, 0, []]);
    // Eight at once, twice.
    expect(signing.sandbox.journal.since(mark, { path: /manifests\/sha256:/ }).length).toBeLessThanOrEqual(16);
  });
});

describe("signatureProvider, when this run is not who is expected", () => {
  it("says so where the tokens are of another issuer", async () => {
    const image = await signing.image();
    const identity = signing.identity({ issuer: "https://token.actions.githubusercontent.com" });
    expect((await releaseErrorOf(host.create({ ...image.inputs, identity }))).code).toBe("SIGNING_FAILED");
  });
});

describe("signatureProvider, when there is no token", () => {
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

describe("signatureProvider, when a service fails", () => {
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
      for (const secret of [request, password]) {
        expect(message).not.toContain(secret);
      }
    }
  });
});

describe("signatureProvider, when the registry loses an answer", () => {
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
  /** Another writer, who had read the list before, writes its own right after ours, so many times. */
  function overwriteList(image: SignableImage, times: number): void {
    let left = times;
    const act = async (): Promise<void> => {
      // Its own write must not meet the fault.
      signing.sandbox.faults.clear();
      await signing.list(image, []);
      left -= 1;
      add();
    };
    const add = (): void => {
      if (left > 0) {
        signing.sandbox.faults.add({ door: "registry", method: "PUT", path: /manifests\/sha256-/, when: "after", act });
      }
    };
    add();
  }
  it("lists its bundle again if another writer drops it", async () => {
    const image = await signing.image();
    overwriteList(image, 2);
    await host.create(image.inputs);
    expect((await host.read({ ...image.inputs })).id).toBe("id");
  });
  it("explains what to do if the list never keeps the bundle", async () => {
    const image = await signing.image();
    overwriteList(image, Infinity);
    const error = await releaseErrorOf(host.create(image.inputs));
    signing.sandbox.faults.clear();
    expect([error.code, error.parts.fix]).toEqual(["SIGNING_FAILED", expect.stringContaining("Run it again")]);
    await host.create(image.inputs);
    expect((await host.read({ ...image.inputs })).id).toBe("id");
  });
});

describe("signatureProvider, when several write at one digest at once", () => {
  it("signs for the second where the first fails", async () => {
    const image = await signing.image();
    const wrong = signing.identity({ refs: "refs/heads/*" });
    const [first] = await Promise.allSettled([
      host.create({ ...image.inputs, identity: wrong }),
      host.create(image.inputs),
    ]);
    expect([first.status, (await host.read({ ...image.inputs })).id]).toEqual(["rejected", "id"]);
  });
});
