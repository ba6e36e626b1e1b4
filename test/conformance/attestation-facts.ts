import { describe, expect, it } from "vitest";
import { provenance, provenancePredicate, signaturePredicate } from "../../formats/signing/statement.ts";
import type { SigningSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../providers/host/engine-host.ts";

const host = engineHost("attestation");
const built = (revision = "1".repeat(40)) =>
  provenance({ revision, buildInputs: "2".repeat(64) }, "https://example.com/builder", "https://example.com/source", {
    context: ".",
  }) as Record<string, unknown>;

/** What must hold of attestations whatever Sigstore makes them. */
export function attestationFacts(signing: SigningSandbox): void {
  const entries = (): Promise<number> => signing.services.entries();
  const attested = async () => {
    const image = await signing.image();
    const inputs = { ...image.inputs, predicateType: provenancePredicate, predicate: built() };
    const { outs } = await host.create(inputs);
    return { image, inputs, outs };
  };
  const cosign = (type: string, reference: string) => signing.cosign("verify-attestation", "--type", type, reference);

  describe("when provenance is attached", () => {
    it("is accepted by cosign, with what it says", async () => {
      const { image } = await attested();
      const { output, ...verdict } = await cosign("slsaprovenance1", image.reference);
      expect(verdict).toEqual({ exitCode: 0, accepted: 1 });
      const line = output.split("\n").find((each) => each.startsWith("{")) ?? "{}";
      const { payload } = JSON.parse(line) as { payload: string };
      expect(JSON.parse(Buffer.from(payload, "base64").toString())).toMatchObject({
        subject: [{ name: image.repository, digest: { sha256: image.digest.slice(7) } }],
        predicate: built(),
      });
    });
    it("is found as it is, and is not signed again", async () => {
      const { inputs, outs } = await attested();
      const [mark, before] = [signing.sandbox.journal.mark(), await entries()];
      expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: { kind: "attestation", ...inputs } });
      await host.create(inputs);
      expect([signing.sandbox.journal.writes(mark), await entries()]).toEqual([[], before]);
    });
    it("is gone where it was removed", async () => {
      const { image, outs } = await attested();
      await signing.list(image, []);
      expect(await host.read(outs)).toEqual({});
    });
    it("is no signature, neither to Lockstep nor to cosign's strict gate", async () => {
      const { image } = await attested();
      expect(await engineHost("signature").read({ ...image.inputs })).toEqual({});
      expect((await cosign(signaturePredicate, image.reference)).exitCode).not.toBe(0);
    });
  });

  describe("when another predicate is wanted", () => {
    it("is attached beside the first", async () => {
      const { image, inputs, outs } = await attested();
      const other = { ...inputs, predicate: built("3".repeat(40)) };
      expect(await host.read({ ...other })).toEqual({});
      await host.create(other);
      expect([(await signing.listed(image)).length, (await host.read(outs)).id]).toEqual([2, "id"]);
    });
  });
}
