import { createHash } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { HashAlgorithm, PublicKeyDetails, ServiceSelector, SigningConfig, TrustedRoot } from "@sigstore/protobuf-specs";
import { writeWhole } from "../host/folder.ts";
import type { KeyRing } from "./key-ring.ts";

/** Files that clients of the services read, absolute paths. */
export interface TrustFiles {
  /** Keys and certificates to verify with. */
  trustedRoot: string;
  /** The same on one line, as GitHub's command-line client requires. */
  trustedRootLines: string;
  /** Addresses to sign with, Rekor 1 as the log. */
  signingConfig: string;
  /** Addresses to sign with, Rekor 2 as the log. */
  signingConfigV2: string;
}

const operator = "sandbox";

/** Writes the files into the folder. The same ring and address give the same bytes. */
export async function writeTrustFiles(folder: string, keys: KeyRing, url: string): Promise<TrustFiles> {
  await mkdir(folder, { recursive: true });
  const files = {
    trustedRoot: join(folder, "trusted_root.json"),
    trustedRootLines: join(folder, "trusted_root.jsonl"),
    signingConfig: join(folder, "signing_config.json"),
    signingConfigV2: join(folder, "signing_config.v2.json"),
  };
  const root = TrustedRoot.toJSON(trustedRootOf(keys, url));
  await writeWhole(files.trustedRoot, pretty(root));
  await writeWhole(files.trustedRootLines, `${JSON.stringify(root)}\n`);
  await writeWhole(files.signingConfig, pretty(SigningConfig.toJSON(signingConfigOf(keys, url, 1))));
  await writeWhole(files.signingConfigV2, pretty(SigningConfig.toJSON(signingConfigOf(keys, url, 2))));
  return files;
}

function trustedRootOf(keys: KeyRing, url: string): TrustedRoot {
  const validFor = validity(keys);
  const log = (key: KeyObject): TrustedRoot["tlogs"][number] => {
    const rawBytes = key.export({ type: "spki", format: "der" });
    return {
      baseUrl: url,
      hashAlgorithm: HashAlgorithm.SHA2_256,
      publicKey: { rawBytes, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor },
      logId: { keyId: createHash("sha256").update(rawBytes).digest() },
      checkpointKeyId: undefined,
      operator: operator,
    };
  };
  const authority = (name: string, chain: Buffer[]): TrustedRoot["certificateAuthorities"][number] => ({
    subject: { commonName: name, organization: "sigstore.mock" },
    uri: url,
    certChain: { certificates: chain.map((rawBytes) => ({ rawBytes })) },
    validFor,
    operator: operator,
  });
  const { authority: fulcio, timestampLeaf, timestampRoot } = keys.certificates;
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [log(keys.rekorV1.publicKey), log(keys.rekorV2.publicKey)],
    ctlogs: [log(keys.certificateLog.publicKey)],
    certificateAuthorities: [authority("sigstore", [fulcio])],
    timestampAuthorities: [authority("tsa", [timestampLeaf, timestampRoot])],
  };
}

function signingConfigOf(keys: KeyRing, url: string, rekor: 1 | 2): SigningConfig {
  const service = (address: string, majorApiVersion = 1): SigningConfig["caUrls"][number] => ({
    url: address,
    majorApiVersion,
    validFor: validity(keys),
    operator: operator,
  });
  const any = { selector: ServiceSelector.ANY, count: 0 };
  return {
    mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    caUrls: [service(url)],
    oidcUrls: [service(url)],
    rekorTlogUrls: [service(url, rekor)],
    rekorTlogConfig: any,
    tsaUrls: [service(`${url}/api/v1/timestamp`)],
    tsaConfig: any,
  };
}

/** Starts an hour before the keys were made: the clocks of clients may be slow. */
function validity({ created }: KeyRing): { start: Date; end: undefined } {
  return { start: new Date(created.getTime() - 3_600_000), end: undefined };
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
