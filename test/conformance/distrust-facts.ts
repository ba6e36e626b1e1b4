import { beforeAll, describe, expect, it } from "vitest";
import { attachBundle } from "../clients/registry/attached-bundle.ts";
import { bundlesOf } from "../clients/registry/bundles-of.ts";
import { bundleMediaType, signStatement } from "../../clients/sigstore/signing.ts";
import type { StoredBundle } from "../../clients/sigstore/signing.ts";
import {
  makeAttestationStatement,
  provenancePredicate,
  signaturePredicate,
  makeSignatureStatement,
} from "../../formats/signing/statement.ts";
import type { Statement } from "../../formats/signing/statement.ts";
import { tamperings } from "../clients/sigstore/signing-sandbox.ts";
import type { SignableImage, SigningSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../providers/host/engine-host.ts";

const host = engineHost("signature");
const evil = "evil/widgets/.github/workflows/release.yml";

/**
 * What must not be taken for a signature, whatever Sigstore made it.
 * @param rekors the versions of Rekor that there are
 */
export function distrustFacts(signing: SigningSandbox, rekors: readonly (1 | 2)[]): void {
  const accepted = ({ reference }: SignableImage) =>
    signing.cosign("verify-attestation", "--type", signaturePredicate, reference);
  const signed = async (rekor?: 1 | 2): Promise<SignableImage> => {
    const image = await signing.image(rekor);
    await host.create(image.inputs);
    return image;
  };
  const attach = async ({ repository, digest }: SignableImage, statement: Statement): Promise<void> =>
    attachBundle(repository, digest, await signStatement(statement, signing.instance()), statement.predicateType);

  describe.each(rekors)("when a bundle was tampered with, over Rekor %i", (rekor) => {
    let image: SignableImage;
    let bundles: StoredBundle[];
    let others: StoredBundle[];
    beforeAll(async () => {
      signing.runAs();
      image = await signed(rekor);
      // Another run has another key.
      signing.runAs();
      const other = await signed(rekor);
      bundles = await bundlesOf(image.repository, image.digest);
      others = await bundlesOf(other.repository, other.digest);
    });
    const attachContent = (content: unknown): Promise<void> =>
      signing.attachByHand(image, { mediaType: bundleMediaType, text: JSON.stringify(content) });

    it.each(tamperings)("counts for nobody, Lockstep or cosign: %s", async (_, tampered) => {
      const [[bundle], [other]] = [bundles, others];
      if (bundle === undefined || other === undefined) {
        throw new Error("there is no bundle to tamper with");
      }
      await attachContent(tampered(bundle, other));
      expect(await host.read({ ...image.inputs })).toEqual({});
      expect((await accepted(image)).exitCode).not.toBe(0);
    });
    it("counts as it was, attached in the same way", async () => {
      await attachContent(bundles[0]);
      expect([(await host.read({ ...image.inputs })).id, (await accepted(image)).exitCode]).toEqual(["id", 0]);
    });
  });

  describe("when a digest carries what does not count", () => {
    const foreign: [string, (image: SignableImage) => Promise<void>][] = [
      [
        "a signature by another workflow",
        async (image) => {
          signing.runAs(evil);
          await attach(image, makeSignatureStatement(image.digest));
          signing.runAs();
        },
      ],
      [
        "a signature of another ref",
        async (image) => {
          signing.runAs(undefined, "refs/heads/main");
          await attach(image, makeSignatureStatement(image.digest));
          signing.runAs();
        },
      ],
      [
        "our provenance",
        (image) => attach(image, makeAttestationStatement(image.repository, image.digest, provenancePredicate, {})),
      ],
      ["our signature of another digest", (image) => attach(image, makeSignatureStatement(`sha256:${"d".repeat(64)}`))],
      [
        "a signature with another predicate",
        (image) => attach(image, { ...makeSignatureStatement(image.digest), predicate: { more: true } }),
      ],
      ["what is no bundle", (image) => signing.attachByHand(image, { mediaType: bundleMediaType, text: "no bundle" })],
    ];
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
      const image = await signed();
      const identity = signing.identity({ issuer: "https://token.actions.githubusercontent.com" });
      expect(await host.read({ ...image.inputs, identity })).toEqual({});
    });
  });
}
