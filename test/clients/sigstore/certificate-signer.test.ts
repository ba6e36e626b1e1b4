import { Certificate, Extension } from "pkijs";
import { OctetString, Utf8String } from "asn1js";
import { X509Certificate } from "@sigstore/core";
import { beforeAll, describe, expect, it } from "vitest";
import { readSigner } from "../../../clients/sigstore/certificate-signer.ts";
import { signStatement } from "../../../clients/sigstore/signing.ts";
import { verifyStatement } from "../../../clients/sigstore/verification.ts";
import { signerMistake } from "../../../formats/signing/signer.ts";
import type { Signer } from "../../../formats/signing/signer.ts";
import {
  makeAttestationStatement,
  provenance,
  provenancePredicate,
  makeSignatureStatement,
} from "../../../formats/signing/statement.ts";
import type { Statement } from "../../../formats/signing/statement.ts";
import type { SigningIdentity } from "../../../formats/signing/signing-policy.ts";
import type { WorkflowClaims } from "../../../sandbox/sigstore/workflow-claims.ts";
import { signingSandbox, workflow } from "./signing-sandbox.ts";

const signing = signingSandbox();
const digest = `sha256:${"a".repeat(64)}`;
const commit = "c".repeat(40);
const fulcio = "1.3.6.1.4.1.57264.1";

/** Signs a statement in a run with these claims, and verifies the bundle. */
async function judged(
  claims: Partial<WorkflowClaims>,
  identity: Partial<SigningIdentity> = {},
  statement: Statement = makeSignatureStatement(digest),
): Promise<string | Signer> {
  signing.runAs(claims.job_workflow_ref?.split("@")[0], claims.ref, claims);
  const bundle = await signStatement(statement, signing.instance());
  const verdict = await verifyStatement(bundle, digest, signing.identity(identity), signing.instance());
  return verdict.verified ? verdict.signer : verdict.reason;
}

describe("a bundle's certificate", () => {
  it("says who signed, where, at which commit and why", async () => {
    const claims = { sha: commit, repository_id: "11", repository_owner_id: "22" };
    expect(await judged(claims)).toEqual({
      issuer: signing.sandbox.sigstore.issuer,
      workflow: `${workflow}@refs/tags/v1.0.0`,
      repository: "acme/widgets",
      commit,
      trigger: "push",
      repositoryId: "11",
      ownerId: "22",
    });
  });

  const job_workflow_ref = `${workflow}@refs/tags/v1.0.0`;
  it.each<[string, Partial<WorkflowClaims>, Partial<SigningIdentity>, string]>([
    ["another repository that calls our workflow", { repository: "evil/attack", job_workflow_ref }, {}, "evil/attack"],
    ["a pull request", { event_name: "pull_request" }, {}, "`pull_request`"],
    ["a stranger's pull request", { event_name: "pull_request_target" }, {}, "`pull_request_target`"],
    [
      "a repository that was made again",
      { repository_id: "12" },
      { repositoryId: "11" },
      "different repository of that name",
    ],
    ["an account that was taken again", { repository_owner_id: "23" }, { ownerId: "22" }, "a different account"],
  ])("is refused of a run of %s", async (_what, claims, identity, words) => {
    expect(await judged(claims, identity)).toContain(words);
  });

  it("is taken of a reusable workflow that the expected repository calls", async () => {
    const called = "acme/ci/.github/workflows/shared.yml";
    const claims = { repository: "acme/gadgets", job_workflow_ref: `${called}@refs/tags/v1.0.0` };
    expect(await judged(claims, { workflow: called, repository: "acme/gadgets" })).toHaveProperty("repository");
  });
});

describe("provenance", () => {
  const built = (revision: string, source: string): Statement =>
    makeAttestationStatement(
      "x",
      digest,
      provenancePredicate,
      provenance({ revision, buildInputs: "1".repeat(64) }, "builder", source, {}),
    );

  it.each([
    ["of the commit that the run was at", built(commit, "https://github.com/acme/widgets")],
    [
      "of another repository, whose commits the run says nothing of",
      built("d".repeat(40), "https://github.com/acme/x"),
    ],
  ])("is taken %s", async (_what, statement) => {
    expect(await judged({ sha: commit }, {}, statement)).toHaveProperty("commit");
  });

  it.each(["https://github.com/acme/widgets", "https://github.com/Acme/Widgets"])(
    "of another commit than the run was at is refused: %s",
    async (source) => {
      const words = `its provenance names the commit ${"d".repeat(40)}, but the run that signed was at ${commit}`;
      expect(await judged({ sha: commit }, {}, built("d".repeat(40), source))).toBe(words);
    },
  );
});

describe("signerOf, when one extension of a certificate is changed", () => {
  let der: Buffer<ArrayBuffer>;
  let whole: Signer;
  beforeAll(async () => {
    signing.runAs(undefined, undefined, { sha: commit });
    const bundle = await signStatement(makeSignatureStatement(digest), signing.instance());
    der = Buffer.from(bundle.verificationMaterial.certificate?.rawBytes ?? "", "base64");
    whole = readSigner(X509Certificate.parse(der));
  });

  /** The certificate with other extensions: its signature is another matter. */
  function changed(change: (extensions: Extension[]) => Extension[]): Buffer<ArrayBuffer> {
    const certificate = Certificate.fromBER(der);
    certificate.extensions = change(certificate.extensions ?? []);
    return Buffer.from(certificate.toSchema(true).toBER());
  }
  const identity = () =>
    signing.identity({ repositoryId: whole.repositoryId, ownerId: whole.ownerId, triggers: ["push"] });
  /** `refused`, or what it says. */
  function meaning(certificate: Buffer<ArrayBuffer>): Signer | "refused" {
    try {
      const signer = readSigner(X509Certificate.parse(certificate));
      return signerMistake(identity(), signer) === undefined ? signer : "refused";
    } catch {
      return "refused";
    }
  }
  const known = ["8", "12", "13", "15", "17", "20"].map((number) => `${fulcio}.${number}`);
  const names = [...known, "2.5.29.17"];

  it("is taken as it was", () => {
    expect(meaning(changed((extensions) => extensions))).toEqual(whole);
  });

  it("is refused without any of those that are read, but the commit's", () => {
    for (const id of names) {
      const without = meaning(changed((all) => all.filter(({ extnID }) => extnID !== id)));
      expect([id, without]).toEqual([id, id.endsWith(".13") ? { ...whole, commit: "" } : "refused"]);
    }
  });

  it("is refused with any of them twice, in either order", () => {
    for (const id of names) {
      const value = new Utf8String({ value: "push" }).toBER();
      const second = new Extension({ extnID: id, extnValue: value });
      for (const both of [(all: Extension[]) => [...all, second], (all: Extension[]) => [second, ...all]]) {
        expect([id, meaning(changed(both))]).toEqual([id, "refused"]);
      }
    }
  });

  it("is refused, or says the same, with any byte of any of them changed", () => {
    for (const extension of Certificate.fromBER(der).extensions ?? []) {
      const { extnID, extnValue } = extension;
      const encoded = Buffer.from(extension.toSchema().toBER());
      const length = extnValue.valueBlock.valueHexView.length;
      // The value is the last that an extension has.
      const start = der.indexOf(encoded) + encoded.length - length;
      expect(der.subarray(start, start + length)).toEqual(Buffer.from(extnValue.valueBlock.valueHexView));
      for (let at = 0; at < length; at++) {
        for (const bit of [1, 0x20, 0x80]) {
          // In place: the length stays, and so does all the rest of the certificate.
          const certificate = Buffer.from(der);
          certificate[start + at] = (certificate[start + at] ?? 0) ^ bit;
          const found = meaning(certificate);
          if (found === "refused") {
            continue;
          }
          const same = { ...found, repository: found.repository.toLowerCase() };
          // The ref in the name may be another that fits, and the commit is compared with the provenance alone.
          const { commit: _, workflow: signer, ...rest } = same;
          expect([extnID, at, rest]).toMatchObject([extnID, at, { repository: whole.repository, trigger: "push" }]);
          expect(signer.startsWith(`${workflow}@refs/tags/`)).toBe(true);
        }
      }
    }
  });

  it("is refused with a value in any other form", () => {
    for (const id of known) {
      for (const value of [new OctetString({ valueHex: new ArrayBuffer(2) }).toBER(), new ArrayBuffer(0)]) {
        const extension = new Extension({ extnID: id, extnValue: value });
        const other = meaning(changed((all) => all.map((one) => (one.extnID === id ? extension : one))));
        expect([id, other]).toEqual([id, "refused"]);
      }
    }
  });
});
