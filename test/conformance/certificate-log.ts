import { createHash, generateKeyPair } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { initializeCTLog } from "@sigstore/mock/dist/fulcio/index.js";
import * as asn1js from "asn1js";
import { Certificate } from "pkijs";

/** A certificate log that a certificate authority submits to before it issues. */
export interface CertificateLog {
  /** Address with its prefix: Fulcio's `--ct-log-url`. */
  url: string;
  publicKey: KeyObject;
  close(): Promise<void>;
}

/** What a precertificate is marked with, and a certificate is not (RFC 6962, 3.1). */
const poison = "1.3.6.1.4.1.11129.2.4.3";

/**
 * Opens a certificate log on a free loopback port, with a key of its own. It answers `POST /ct/ct/v1/add-pre-chain` (RFC 6962, 4.2) with a
 * signed timestamp and keeps nothing: who verifies a certificate looks at the timestamp only.
 */
export async function openCertificateLog(): Promise<CertificateLog> {
  const keys = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  const log = await initializeCTLog(keys);
  const server = createServer((request, response) => {
    void bodyOf(request)
      .then(async (body) => {
        const { chain } = JSON.parse(body) as { chain: [precertificate: string, issuer: string] };
        const [precertificate, issuer] = chain.map((each) => certificateOf(Buffer.from(each, "base64")));
        if (precertificate === undefined || issuer === undefined) {
          throw new Error("the chain has no issuer");
        }
        precertificate.extensions = (precertificate.extensions ?? []).filter(({ extnID }) => extnID !== poison);
        const issuerKey = Buffer.from(issuer.subjectPublicKeyInfo.toSchema().toBER());
        const plain = precertificate.toSchema(true).toBER();
        const hash = new Uint8Array(createHash("sha256").update(issuerKey).digest()).buffer;
        // As one of a list: its length stands in front.
        return timestampOf(Buffer.from(await log.log(plain, hash)).subarray(2));
      })
      .then((answer) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer)))
      .catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ct`,
    publicKey: keys.publicKey,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A signed certificate timestamp as the log's answer spells it; the bytes are those of RFC 6962, 3.2. */
function timestampOf(bytes: Buffer): object {
  return {
    sct_version: bytes[0],
    id: bytes.subarray(1, 33).toString("base64"),
    timestamp: Number(bytes.readBigUInt64BE(33)),
    extensions: "",
    signature: bytes.subarray(43).toString("base64"),
  };
}

function certificateOf(der: Buffer): Certificate {
  return new Certificate({ schema: asn1js.fromBER(new Uint8Array(der)).result });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
