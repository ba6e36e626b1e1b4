import { createPrivateKey, createPublicKey, generateKeyPair, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
// Imports only the needed files: the package's own entry loads an HTTP interceptor into the process.
import { initializeCA } from "@sigstore/mock/dist/fulcio/index.js";
import { initializeTSA } from "@sigstore/mock/dist/timestamp/index.js";
import { writeWhole } from "../host/folder.ts";

/** A pair of keys. */
export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** All secrets of the Sigstore services, made once for a folder. ECDSA P-256, but RSA for the issuer. */
export interface KeyRing {
  /** When it was made. */
  created: Date;
  /** Signs identity tokens. */
  issuer: KeyPair;
  /** Fulcio's. */
  authority: KeyPair;
  certificateLog: KeyPair;
  rekorV1: KeyPair;
  rekorV2: KeyPair;
  timestamps: KeyPair;
  /** DER. */
  certificates: Record<(typeof certificateNames)[number], Buffer>;
  /** Value of ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  requestToken: string;
}

const keyNames = ["issuer", "authority", "certificateLog", "rekorV1", "rekorV2", "timestamps"] as const;
const certificateNames = ["authority", "timestampRoot", "timestampLeaf"] as const;

interface Kept {
  created: string;
  requestToken: string;
  /** PKCS #8, PEM. */
  keys: Record<(typeof keyNames)[number], string>;
  /** DER, base64. */
  certificates: Record<(typeof certificateNames)[number], string>;
}

/** Reads the key ring from a file, or makes a new one if there is none. Its certificates are valid for a year. */
export async function openKeyRing(file: string): Promise<KeyRing> {
  if (!existsSync(file)) {
    await writeWhole(file, `${JSON.stringify(await make(), undefined, 2)}\n`, 0o600);
  }
  const { created, requestToken, keys, certificates } = JSON.parse(await readFile(file, "utf8")) as Kept;
  return {
    created: new Date(created),
    requestToken,
    issuer: pairOf(keys.issuer),
    authority: pairOf(keys.authority),
    certificateLog: pairOf(keys.certificateLog),
    rekorV1: pairOf(keys.rekorV1),
    rekorV2: pairOf(keys.rekorV2),
    timestamps: pairOf(keys.timestamps),
    certificates: {
      authority: Buffer.from(certificates.authority, "base64"),
      timestampRoot: Buffer.from(certificates.timestampRoot, "base64"),
      timestampLeaf: Buffer.from(certificates.timestampLeaf, "base64"),
    },
  };
}

const generate = promisify(generateKeyPair);

async function make(): Promise<Kept> {
  const curve = async (): Promise<string> => pemOf((await generate("ec", { namedCurve: "P-256" })).privateKey);
  const keys = {
    issuer: pemOf((await generate("rsa", { modulusLength: 2048 })).privateKey),
    authority: await curve(),
    certificateLog: await curve(),
    rekorV1: await curve(),
    rekorV2: await curve(),
    timestamps: await curve(),
  };
  const authority = await initializeCA(pairOf(keys.authority));
  const timestamps = await initializeTSA(pairOf(keys.timestamps));
  return {
    created: new Date().toISOString(),
    requestToken: randomBytes(20).toString("hex"),
    keys,
    certificates: {
      authority: base64(authority.rootCertificate),
      timestampRoot: base64(timestamps.rootCertificate),
      timestampLeaf: base64(timestamps.intCertificate),
    },
  };
}

function pairOf(pem: string): KeyPair {
  return { privateKey: createPrivateKey(pem), publicKey: createPublicKey(pem) };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function base64({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
