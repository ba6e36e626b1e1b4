import { createHash, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HashAlgorithm, PublicKeyDetails, ServiceSelector, SigningConfig, TrustedRoot } from "@sigstore/protobuf-specs";

/** What the servers say of themselves. */
export interface ServerAnswers {
  /** Base addresses; that of the timestamp authority is the full path. */
  fulcio: string;
  rekor: string;
  timestamps: string;
  /** PEM, the end of the chain first. */
  fulcioChain: string;
  timestampChain: string;
  rekorKey: KeyObject;
  certificateLog: { url: string; publicKey: KeyObject };
  /** Issuer of identity tokens. */
  issuer: string;
}

const operator = "conformance";

/** Writes trusted root and signing config (Rekor 2) for servers into a folder; returns absolute paths. */
export async function writeTrustFiles(folder: string, answers: ServerAnswers) {
  const trustedRoot = join(folder, "trusted_root.json");
  const trustedRootLines = join(folder, "trusted_root.jsonl");
  const signingConfig = join(folder, "signing_config.json");
  // The servers' own certificates begin with their start: an hour back, for clocks that are behind.
  const validFor = { start: new Date(Date.now() - 3_600_000), end: undefined };
  const root = JSON.stringify(TrustedRoot.toJSON(trustedRootOf(answers, validFor)));
  await writeFile(trustedRoot, root);
  await writeFile(trustedRootLines, `${root}\n`);
  await writeFile(signingConfig, JSON.stringify(SigningConfig.toJSON(signingConfigOf(answers, validFor))));
  return { trustedRoot, trustedRootLines, signingConfigs: { 2: signingConfig } };
}

type Validity = { start: Date; end: undefined };

function trustedRootOf(answers: ServerAnswers, validFor: Validity): TrustedRoot {
  const log = (baseUrl: string, key: KeyObject): TrustedRoot["tlogs"][number] => {
    const rawBytes = key.export({ type: "spki", format: "der" });
    return {
      baseUrl,
      hashAlgorithm: HashAlgorithm.SHA2_256,
      publicKey: { rawBytes, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor },
      logId: { keyId: createHash("sha256").update(rawBytes).digest() },
      checkpointKeyId: undefined,
      operator: operator,
    };
  };
  const authority = (uri: string, chain: string): TrustedRoot["certificateAuthorities"][number] => {
    const certificates = chain
      .split(/(?=-----BEGIN)/)
      .filter((text) => text.startsWith("-----BEGIN"))
      .map((text) => new X509Certificate(text));
    const subject = certificates.at(-1)?.subject ?? "";
    const named = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(subject)?.[1] ?? "";
    return {
      subject: { commonName: named("CN"), organization: named("O") },
      uri,
      certChain: { certificates: certificates.map(({ raw }) => ({ rawBytes: raw })) },
      validFor,
      operator: operator,
    };
  };
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [log(answers.rekor, answers.rekorKey)],
    ctlogs: [log(answers.certificateLog.url, answers.certificateLog.publicKey)],
    certificateAuthorities: [authority(answers.fulcio, answers.fulcioChain)],
    timestampAuthorities: [authority(answers.timestamps, answers.timestampChain)],
  };
}

function signingConfigOf({ fulcio, rekor, timestamps, issuer }: ServerAnswers, validFor: Validity): SigningConfig {
  const service = (url: string, majorApiVersion = 1): SigningConfig["caUrls"][number] => ({
    url,
    majorApiVersion,
    validFor,
    operator: operator,
  });
  const any = { selector: ServiceSelector.ANY, count: 0 };
  return {
    mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    caUrls: [service(fulcio)],
    oidcUrls: [service(issuer)],
    rekorTlogUrls: [service(rekor, 2)],
    rekorTlogConfig: any,
    tsaUrls: [service(timestamps)],
    tsaConfig: any,
  };
}
