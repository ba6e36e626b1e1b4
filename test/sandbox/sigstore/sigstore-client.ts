import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { bundleFromJSON, bundleToJSON } from "@sigstore/bundle";
import type { SerializedBundle } from "@sigstore/bundle";
import { dsse } from "@sigstore/core";
import { HashAlgorithm, TrustedRoot } from "@sigstore/protobuf-specs";
import {
  DSSEBundleBuilder,
  FulcioSigner,
  MessageSignatureBundleBuilder,
  RekorWitness,
  TSAWitness,
} from "@sigstore/sign";
import type { IdentityProvider, Witness } from "@sigstore/sign";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import type { SigstoreDouble } from "../../../sandbox/sigstore/double.ts";

/** What cosign signs for an image. */
export const statementOfTest = {
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ digest: { sha256: "a".repeat(64) }, annotations: {} }],
  predicateType: "https://sigstore.dev/cosign/sign/v1",
  predicate: {},
};

const keptLimits = { timeout: 30_000, retry: 0 };

/** How a test signs. */
export interface SigningOptions {
  /** Default 1. */
  rekor?: 1 | 2;
  /** Identity token. Default: one of the sandbox's own run. */
  token?: string;
}

/** A bundle over a statement. */
export async function signStatement(
  sigstore: SigstoreDouble,
  options: SigningOptions = {},
  statement: unknown = statementOfTest,
): Promise<SerializedBundle> {
  const builder = new DSSEBundleBuilder({ ...partsOf(sigstore, options), certificateChain: false });
  const data = Buffer.from(JSON.stringify(statement));
  return bundleToJSON(await builder.create({ data, type: "application/vnd.in-toto+json" }));
}

/** A bundle over bytes. */
export async function signBlob(
  sigstore: SigstoreDouble,
  blob: Buffer,
  options: SigningOptions = {},
): Promise<SerializedBundle> {
  return bundleToJSON(await new MessageSignatureBundleBuilder(partsOf(sigstore, options)).create({ data: blob }));
}

/** Verifies with nothing but the trusted root file. Throws when it does not hold. */
export async function verifyBundle(
  { trustedRoot, issuer }: Pick<SigstoreDouble, "trustedRoot" | "issuer">,
  bundle: SerializedBundle,
  identity: string,
  blob?: Buffer,
): Promise<string> {
  const root = TrustedRoot.fromJSON(JSON.parse(await readFile(trustedRoot, "utf8")));
  const limits = { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 1 };
  const verifier = new Verifier(toTrustMaterial(root), limits);
  const signer = verifier.verify(toSignedEntity(bundleFromJSON(bundle), blob), {
    subjectAlternativeName: identity,
    extensions: { issuer },
  });
  return signer.identity?.subjectAlternativeName ?? "";
}

function partsOf(
  sigstore: SigstoreDouble,
  { rekor = 1, token }: SigningOptions,
): { signer: FulcioSigner; witnesses: Witness[] } {
  const identityProvider: IdentityProvider = { getToken: async () => token ?? sigstore.identity.token() };
  const log = { rekorBaseURL: sigstore.url, ...keptLimits };
  return {
    signer: new FulcioSigner({ fulcioBaseURL: sigstore.url, identityProvider, ...keptLimits }),
    witnesses: [
      rekor === 1
        ? new RekorWitness({ ...log, entryType: "dsse" })
        : new HashedRekordWitness({ ...log, majorApiVersion: 2 }),
      new TSAWitness({ tsaBaseURL: sigstore.url, ...keptLimits }),
    ],
  };
}

/** Rekor 2 takes a statement as a hashedrekord over what its signature covers; the library still sends a dsse entry. */
class HashedRekordWitness extends RekorWitness {
  override testify(
    content: Parameters<RekorWitness["testify"]>[0],
    publicKey: string,
  ): ReturnType<RekorWitness["testify"]> {
    if (content.$case !== "dsseEnvelope") {
      return super.testify(content, publicKey);
    }
    const { payloadType, payload, signatures } = content.dsseEnvelope;
    const digest = createHash("sha256").update(dsse.preAuthEncoding(payloadType, payload)).digest();
    const signature = signatures[0]?.sig ?? Buffer.alloc(0);
    return super.testify(
      {
        $case: "messageSignature",
        messageSignature: { messageDigest: { algorithm: HashAlgorithm.SHA2_256, digest }, signature },
      },
      publicKey,
    );
  }
}
