import { randomBytes } from "node:crypto";
import { Integer, ObjectIdentifier, OctetString, Sequence, UTCTime } from "asn1js";
import {
  Accuracy,
  AlgorithmIdentifier,
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  MessageImprint,
  PKIStatusInfo,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
} from "pkijs";
import type { Answer } from "../door/answer.ts";
import type { KeyRing } from "./key-ring.ts";
import { ServiceError } from "./service-error.ts";

/** The timestamp authority: answers `POST /api/v1/timestamp`, JSON or DER (RFC 3161) by the content type. */
export type TimestampAuthority = (body: Buffer, contentType: string) => Promise<Answer>;

const sha256Oid = "2.16.840.1.101.3.4.2.1";
const hashes: Record<string, { oid: string; length: number }> = {
  sha256: { oid: sha256Oid, length: 32 },
  sha384: { oid: "2.16.840.1.101.3.4.2.2", length: 48 },
  sha512: { oid: "2.16.840.1.101.3.4.2.3", length: 64 },
};
const policyOid = "1.3.6.1.4.1.57264.2";
const signedData = "1.2.840.113549.1.7.2";
const tstInfo = "1.2.840.113549.1.9.16.1.4";
const attributeOid = {
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
};

interface Wanted {
  hash: string;
  imprint: Buffer;
  policy?: string;
  nonce?: Integer;
  certificates: boolean;
}

/** Opens the authority. Its clock is this machine's, in whole seconds. */
export async function openTimestampAuthority(keys: KeyRing): Promise<TimestampAuthority> {
  const leaf = keys.certificates.timestampLeaf;
  const certificate = Certificate.fromBER(leaf);
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const der = keys.timestamps.privateKey.export({ type: "pkcs8", format: "der" });
  const key = await crypto.subtle.importKey("pkcs8", new Uint8Array(der), algorithm, false, ["sign"]);
  const leafDigest = await sha256(leaf);

  return async (body, contentType) => {
    const wanted = contentType.startsWith("application/timestamp-query") ? parseQuery(body) : parseJson(body);
    const time = new Date(Math.floor(Date.now() / 1000) * 1000);
    const info = new TSTInfo({
      version: 1,
      policy: wanted.policy ?? policyOid,
      messageImprint: new MessageImprint({
        hashAlgorithm: new AlgorithmIdentifier({ algorithmId: wanted.hash }),
        hashedMessage: new OctetString({ valueHex: new Uint8Array(wanted.imprint) }),
      }),
      // A first byte of 1 keeps the number positive and of one length.
      serialNumber: new Integer({ valueHex: new Uint8Array([1, ...randomBytes(15)]) }),
      genTime: time,
      accuracy: new Accuracy({ seconds: 1 }),
      ...(wanted.nonce === undefined ? {} : { nonce: wanted.nonce }),
    })
      .toSchema()
      .toBER(false);
    // The constructor would cut the content into chunks.
    const content = new EncapsulatedContentInfo({ eContentType: tstInfo });
    content.eContent = new OctetString({ valueHex: info });
    const { issuer, serialNumber } = certificate;
    const attribute = (type: string, value: unknown): Attribute => new Attribute({ type, values: [value] });
    const signed = new SignedData({
      version: 3,
      encapContentInfo: content,
      ...(wanted.certificates ? { certificates: [certificate] } : {}),
      signerInfos: [
        new SignerInfo({
          version: 1,
          sid: new IssuerAndSerialNumber({ issuer, serialNumber }),
          signedAttrs: new SignedAndUnsignedAttributes({
            type: 0,
            attributes: [
              attribute(attributeOid.contentType, new ObjectIdentifier({ value: tstInfo })),
              attribute(attributeOid.signingTime, new UTCTime({ valueDate: time })),
              attribute(attributeOid.messageDigest, new OctetString({ valueHex: await sha256(new Uint8Array(info)) })),
              // RFC 5816: SigningCertificateV2 of one ESSCertIDv2 with the default hash.
              attribute(
                attributeOid.signingCertificateV2,
                nested(nested(nested(new OctetString({ valueHex: leafDigest })))),
              ),
            ],
          }),
        }),
      ],
    });
    await signed.sign(key, 0, "SHA-256");
    const token = new ContentInfo({ contentType: signedData, content: signed.toSchema(true) });
    const response = new TimeStampResp({ status: new PKIStatusInfo({ status: 0 }), timeStampToken: token });
    const bytes = Buffer.from(response.toSchema().toBER(false));
    return { status: 201, headers: { "content-type": "application/timestamp-reply" }, body: bytes };
  };
}

function nested(value: Sequence | OctetString): Sequence {
  return new Sequence({ value: [value] });
}

/** The form of https://github.com/sigstore/timestamp-authority, openapi.yaml. */
function parseJson(body: Buffer): Wanted {
  let request: {
    artifactHash?: string;
    hashAlgorithm?: string;
    nonce?: number;
    tsaPolicyOID?: string;
    certificates?: boolean;
  };
  try {
    request = JSON.parse(body.toString("utf8")) as typeof request;
  } catch {
    throw refusal("the body is not JSON");
  }
  const hash = hashes[request.hashAlgorithm ?? ""];
  const imprint = Buffer.from(request.artifactHash ?? "", "base64");
  if (hash === undefined || imprint.length !== hash.length) {
    throw refusal("hash and algorithm do not match");
  }
  const { nonce, tsaPolicyOID, certificates = false } = request;
  return {
    hash: hash.oid,
    imprint,
    certificates,
    ...(nonce === undefined ? {} : { nonce: new Integer({ value: nonce }) }),
    ...(tsaPolicyOID === undefined ? {} : { policy: tsaPolicyOID }),
  };
}

function parseQuery(body: Buffer): Wanted {
  let request: TimeStampReq;
  try {
    request = TimeStampReq.fromBER(new Uint8Array(body));
  } catch {
    throw refusal("the body is not a timestamp query");
  }
  const { messageImprint, reqPolicy, nonce, certReq } = request;
  const hash = messageImprint.hashAlgorithm.algorithmId;
  const imprint = Buffer.from(messageImprint.hashedMessage.valueBlock.valueHexView);
  if (!Object.values(hashes).some(({ oid, length }) => oid === hash && length === imprint.length)) {
    throw refusal("hash and algorithm do not match");
  }
  return {
    hash,
    imprint,
    certificates: certReq ?? false,
    ...(nonce === undefined ? {} : { nonce }),
    ...(reqPolicy === undefined || reqPolicy === "" ? {} : { policy: reqPolicy }),
  };
}

async function sha256(data: Uint8Array): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new Uint8Array(data));
}

function refusal(reason: string): ServiceError {
  return new ServiceError(400, 400, `Error generating timestamp response: ${reason}`);
}
