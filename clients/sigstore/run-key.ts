import { createHash, generateKeyPair, sign, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { CIContextProvider, FulcioSigner } from "@sigstore/sign";
import type { Signature } from "@sigstore/sign";

/** How long a new signature uses a key, in milliseconds: half of the time for which Fulcio's certificates are valid. */
const longestUse = 300_000;

/** A key that this run signs with. It never leaves the process. */
export interface RunKey {
  privateKey: KeyObject;
  /** PEM. */
  publicKey: string;
  /** Milliseconds since 1970. */
  madeAt: number;
  /** By the address of the certificate authority. */
  certificates: Map<string, Promise<Issued>>;
}

interface Issued {
  /** PEM. */
  certificate: string;
  /** Milliseconds since 1970. */
  renewAt: number;
}

/** How the certificate authority is asked. */
export interface CertificateAuthority {
  /** Address of Fulcio. */
  url: string;
  /** Milliseconds. */
  timeout: number;
  retry: number;
}

/** By the source of the run's identity. */
const keys = new Map<string, Promise<RunKey>>();

/**
 * Gets the key to begin a signature with: ECDSA on P-256. Signatures of one run share it for five minutes, and with it a certificate, which says
 * the same of each: who runs.
 */
export async function takeKey(): Promise<RunKey> {
  const source = hashIdentitySource(process.env);
  const known = keys.get(source);
  if (known !== undefined && Date.now() < (await known).madeAt + longestUse) {
    return known;
  }
  // Another signature may have replaced it while this one waited.
  const other = keys.get(source);
  const next = other === known || other === undefined ? makeKey() : other;
  keys.set(source, next);
  return next;
}

/** Signs bytes with the key: over their sha256, in DER. */
export function signBytes({ privateKey }: RunKey, data: Buffer): Buffer {
  return sign("sha256", data, privateKey);
}

/**
 * Gets a certificate for the key in the name of this run. It is asked for again when half of its time is over.
 * @returns PEM
 * @throws what the library throws; the next call asks again
 */
export async function certify(key: RunKey, authority: CertificateAuthority): Promise<string> {
  const { certificates } = key;
  const known = certificates.get(authority.url);
  if (known !== undefined) {
    const { certificate, renewAt } = await known;
    if (Date.now() < renewAt) {
      return certificate;
    }
  }
  // Another signature may have asked while this one waited.
  const other = certificates.get(authority.url);
  const next = other === known || other === undefined ? requestCertificate(key, authority) : other;
  certificates.set(authority.url, next);
  try {
    return (await next).certificate;
  } catch (error) {
    if (certificates.get(authority.url) === next) {
      certificates.delete(authority.url);
    }
    throw error;
  }
}

async function requestCertificate(key: RunKey, { url, ...patience }: CertificateAuthority): Promise<Issued> {
  const signer = new FulcioSigner({
    fulcioBaseURL: url,
    identityProvider: new CIContextProvider("sigstore"),
    keyHolder: {
      async sign(data): Promise<Signature> {
        return { signature: signBytes(key, data), key: { $case: "publicKey", publicKey: key.publicKey } };
      },
    },
    ...patience,
  });
  const answer = await signer.sign(Buffer.alloc(0));
  if (answer.key.$case !== "x509Certificate") {
    throw new Error("Fulcio returned no certificate");
  }
  const { certificate } = answer.key;
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  const validity = validToDate.getTime() - validFromDate.getTime();
  return { certificate, renewAt: Date.now() + validity / 2 };
}

async function makeKey(): Promise<RunKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  return {
    privateKey,
    publicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
    madeAt: Date.now(),
    certificates: new Map(),
  };
}

/** What the library reads identity tokens from. Hashed, because it contains a secret. */
function hashIdentitySource(environment: NodeJS.ProcessEnv): string {
  const names = ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "BUILDKITE", "SIGSTORE_ID_TOKEN"];
  const source = JSON.stringify(names.map((name) => environment[name]));
  return createHash("sha256").update(source).digest("hex");
}
