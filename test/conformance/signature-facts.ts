import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { bundlesOf } from "../clients/registry/bundles-of.ts";
import { signStatement } from "../../clients/sigstore/signing.ts";
import { readServices } from "../../clients/sigstore/sigstore-instance.ts";
import { makeAttestationStatement, provenancePredicate, signaturePredicate } from "../../formats/signing/statement.ts";
import type { SignableImage, SigningSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../providers/host/engine-host.ts";
import { releaseErrorOf } from "../providers/release-error-of.ts";

const host = engineHost("signature");
const attestation = engineHost("attestation");
const evil = "evil/widgets/.github/workflows/release.yml";
const signatureOf = ["verify-attestation", "--type", signaturePredicate] as const;

/**
 * What must hold of signatures whatever Sigstore makes them: the sandbox's double in the normal run, the real servers in the conformance run.
 * @param rekors the versions of Rekor that there are
 */
export function signatureFacts(signing: SigningSandbox, rekors: readonly (1 | 2)[]): void {
  const entries = (): Promise<number> => signing.services.entries();
  const accepted = ({ reference }: SignableImage) => signing.cosign(...signatureOf, reference);
  const signed = async (rekor?: 1 | 2) => {
    const image = await signing.image(rekor);
    const { outs } = await host.create(image.inputs);
    return { image, outs };
  };

  describe.each(rekors)("when a digest carries no signature, over Rekor %i", (rekor) => {
    it("is signed so that cosign accepts it", async () => {
      const { image } = await signed(rekor);
      expect(await accepted(image)).toMatchObject({ exitCode: 0, accepted: 1 });
      expect((await signing.cosign("verify", image.reference)).exitCode).toBe(0);
    });
    it("has one bundle and one log entry more", async () => {
      const { image: first } = await signed(rekor);
      const before = await entries();
      const { image } = await signed(rekor);
      expect([(await signing.listed(first)).length, (await signing.listed(image)).length]).toEqual([1, 1]);
      expect((await entries()) - before).toBe(1);
    });
    it("is refused by cosign for who expects another workflow or issuer", async () => {
      const { image } = await signed(rekor);
      for (const expected of [{ workflow: evil }, { issuer: "https://token.actions.githubusercontent.com" }]) {
        const verdict = await signing.cosignAs(expected, ...signatureOf, image.reference);
        expect(verdict.exitCode, verdict.output).not.toBe(0);
      }
    });
  });

  describe("when a digest carries our signature", () => {
    it("is found", async () => {
      const { image, outs } = await signed();
      expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: { kind: "signature", ...image.inputs } });
    });
    it("is neither signed nor written again, whatever is asked", async () => {
      const { image, outs } = await signed();
      const [mark, before] = [signing.sandbox.journal.mark(), await entries()];
      await host.create(image.inputs);
      await host.update(outs, image.inputs);
      await host.read(outs);
      await host.delete(outs);
      expect([signing.sandbox.journal.writes(mark), await entries()]).toEqual([[], before]);
    });
    it("is found by another commit's run at another tag", async () => {
      const { image } = await signed();
      signing.runAs(undefined, "refs/tags/v1.0.1");
      const before = await entries();
      await host.create(image.inputs);
      expect(await entries()).toBe(before);
    });
    it("is gone where it was removed, and put back", async () => {
      const { image, outs } = await signed();
      await signing.list(image, []);
      expect(await host.read(outs)).toEqual({});
      await host.create(image.inputs);
      expect((await accepted(image)).accepted).toBe(1);
    });
  });

  describe("when a stock client's entry is logged in Rekor 2", () => {
    it("is refused, which is why statements are logged as hashedrekord", async () => {
      const { rekor } = await readServices(signing.instance(2));
      const answer = await fetch(`${rekor.url}/api/v2/log/entries`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ dsseRequestV002: { envelope: { payload: "", payloadType: "x", signatures: [] } } }),
      });
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("must be hashedrekord")]);
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
  });

  describe("when several write at one digest at once", () => {
    it("signs once where two sign the same", async () => {
      const [image, before] = [await signing.image(), await entries()];
      await Promise.all([host.create(image.inputs), host.create(image.inputs)]);
      expect([(await entries()) - before, (await signing.listed(image)).length]).toEqual([1, 1]);
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
      const statement = makeAttestationStatement("subject.txt", subject, provenancePredicate, {});
      const bundle = join(signing.sandbox.folder, "subject.sigstore.json");
      await writeFile(bundle, JSON.stringify(await signStatement(statement, image.inputs.sigstore)));
      const look = (repository: string) => {
        const { trustedRootLines } = signing.services;
        const trust = ["--custom-trusted-root", trustedRootLines, "--cert-oidc-issuer", image.inputs.identity.issuer];
        const args = ["attestation", "verify", file, "--bundle", bundle, ...trust, "--repo", repository];
        return execa("gh", args, { env: { GH_TOKEN: "none", GH_CONFIG_DIR: signing.sandbox.folder }, reject: false });
      };
      expect((await look("acme/widgets")).exitCode).toBe(0);
      expect((await look("evil/widgets")).exitCode).toBe(1);
    });
  });
}
