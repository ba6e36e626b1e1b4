import { createHash } from "node:crypto";
import { bundleToJSON } from "@sigstore/bundle";
import type { Bundle, SerializedBundle } from "@sigstore/bundle";
import { dsse } from "@sigstore/core";
import { HashAlgorithm } from "@sigstore/protobuf-specs";
import { DSSEBundleBuilder, RekorWitness, TSAWitness } from "@sigstore/sign";
import type { BundleBuilderOptions, Signature, SignatureBundle } from "@sigstore/sign";
import { ReleaseError } from "../../errors/release-error.ts";
import { findNetworkWords, ServerRefusal } from "../../errors/server-refusal.ts";
import { statementPayloadType } from "../../formats/signing/statement.ts";
import type { Statement } from "../../formats/signing/statement.ts";
import { certify, signBytes, takeKey } from "./run-key.ts";
import type { RunKey } from "./run-key.ts";
import { readServices } from "./sigstore-instance.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import type { SigningServices } from "./sigstore-instance.ts";

/** A Sigstore bundle as it is stored: JSON of version 0.3. */
export type StoredBundle = SerializedBundle;

/** Media type of a stored bundle. */
export const bundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** A signature and the key that made it. */
export interface MadeSignature {
  /** DER. */
  signature: Buffer;
  key: RunKey;
}

/** The caller tries again (retry.ts), so the services are asked once; Rekor 2 may take ten seconds until its next checkpoint. */
const patience = { timeout: 30_000, retry: 0 };

/**
 * Signs a statement in the name of the run: with its key, for which Fulcio issues a certificate, an entry in Rekor, and a timestamp.
 * @throws ServerRefusal with the words of the service that refused; ReleaseError SIGNING_FAILED if there is no token
 */
export async function signStatement(statement: Statement, instance: SigstoreFiles): Promise<StoredBundle> {
  const data = Buffer.from(JSON.stringify(statement));
  return makeBundle(instance, (parts) =>
    new DSSEBundleBuilder({ ...parts, certificateChain: false }).create({ data, type: statementPayloadType }),
  );
}

/**
 * Makes a bundle with the services of an instance.
 * @param make gets the signer and the witnesses
 * @param signed a signature that was made before, and its key. Default: the bytes that the builder passes are signed
 * @throws as signStatement()
 */
export async function makeBundle(
  instance: SigstoreFiles,
  make: (parts: BundleBuilderOptions) => Promise<Bundle>,
  signed?: MadeSignature,
): Promise<StoredBundle> {
  const services = await readServices(instance);
  try {
    return bundleToJSON(await make(makeParts(services, signed)));
  } catch (error) {
    throw explainFailure(error as Error & { code?: string }, services);
  }
}

function makeParts(
  { fulcio, rekor, timestamps }: SigningServices,
  signed: MadeSignature | undefined,
): BundleBuilderOptions {
  const options = {
    rekorBaseURL: rekor.url,
    majorApiVersion: rekor.majorApiVersion,
    entryType: "dsse" as const,
    ...patience,
  };
  // If a request took effect but its answer was lost, it is repeated with the same entry: 409 then means that the entry exists.
  const witness =
    rekor.majorApiVersion === 2 ? new Rekor2Witness(options) : new RekorWitness({ ...options, fetchOnConflict: true });
  return {
    signer: {
      async sign(data): Promise<Signature> {
        const runKey = signed?.key ?? (await takeKey());
        const signature = signed?.signature ?? signBytes(runKey, data);
        const certificate = await certify(runKey, { url: fulcio, ...patience });
        return { signature, key: { $case: "x509Certificate", certificate } };
      },
    },
    witnesses: [
      witness,
      ...(timestamps === undefined ? [] : [new TSAWitness({ tsaBaseURL: timestamps, ...patience })]),
    ],
  };
}

/** Finds the service that failed by the library's codes. The library's own message repeats that of its cause. */
function explainFailure(error: Error & { code?: string }, services: SigningServices): Error {
  const { code = "", cause } = error;
  if (code.startsWith("IDENTITY_TOKEN_")) {
    return makeTokenError(error.message);
  }
  return new ServerRefusal(
    {
      request: describeRequest(code, services),
      status: (cause as { statusCode?: number } | undefined)?.statusCode ?? 0,
      words: findNetworkWords(cause ?? error).replace(/^\(\d+\) /, ""),
    },
    { cause: error },
  );
}

function describeRequest(code: string, { fulcio, rekor, timestamps }: SigningServices): string {
  if (code.startsWith("CA_")) {
    return `POST ${fulcio}/api/v2/signingCert`;
  }
  if (code.startsWith("TLOG_")) {
    return `POST ${rekor.url}/api/v${rekor.majorApiVersion}/log/entries`;
  }
  return code.startsWith("TSA_") ? `POST ${timestamps}` : "signing";
}

/** The library's message and causes quote an unreadable token, and hide why there is none, so they are not passed on. */
function makeTokenError(message: string, environment: NodeJS.ProcessEnv = process.env): Error {
  const service = environment["ACTIONS_ID_TOKEN_REQUEST_URL"];
  const login = environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
  if (service && login && (/retrieving/.test(message) || message.endsWith("invalid identity token: undefined"))) {
    const { origin, pathname } = new URL(service);
    return new ServerRefusal({ request: `GET ${origin}${pathname}`, status: 0, words: "it returned no OIDC token" });
  }
  return new ReleaseError({
    code: "SIGNING_FAILED",
    step: "getting an OIDC token to sign with",
    reason: /retrieving/.test(message) ? "this run has no token" : "this run's token cannot be read",
    meaning:
      "Signatures are made in the name of the running workflow, and the token proves which one that is. Nothing was signed.",
    fix: "In GitHub Actions: give the job `permissions: id-token: write`. Elsewhere: set SIGSTORE_ID_TOKEN to a token with the audience `sigstore`.",
  });
}

/** Rekor 2 accepts no DSSE entries, so it logs a hashedrekord over the envelope's pre-authentication encoding. */
class Rekor2Witness extends RekorWitness {
  override testify(content: SignatureBundle, publicKey: string): ReturnType<RekorWitness["testify"]> {
    if (content.$case !== "dsseEnvelope") {
      return super.testify(content, publicKey);
    }
    const { payloadType, payload, signatures } = content.dsseEnvelope;
    const digest = createHash("sha256").update(dsse.preAuthEncoding(payloadType, payload)).digest();
    const messageDigest = { algorithm: HashAlgorithm.SHA2_256, digest };
    const signature = signatures[0]?.sig ?? Buffer.alloc(0);
    return super.testify({ $case: "messageSignature", messageSignature: { messageDigest, signature } }, publicKey);
  }
}
