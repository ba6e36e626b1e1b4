import { createPublicKey, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { fulcioHandler, initializeCA, initializeCTLog } from "@sigstore/mock/dist/fulcio/index.js";
import type { Answer } from "../door/answer.ts";
import { unsignedToken, verifyToken } from "./json-web-token.ts";
import type { Claims } from "./json-web-token.ts";
import type { KeyRing } from "./key-ring.ts";
import { jsonAnswer, ServiceError } from "./service-error.ts";

/** The certificate authority: answers `POST /api/v2/signingCert`. */
export type Fulcio = (body: string, authorization: string | undefined) => Promise<Answer>;

interface SigningRequest {
  credentials?: { oidcIdentityToken?: string };
  publicKeyRequest?: { publicKey?: { content?: string }; proofOfPossession?: string };
}

/** gRPC's INVALID_ARGUMENT; the gateway in front of the services answers it with HTTP 400. */
const invalidArgument = 3;

/**
 * Opens a Fulcio that trusts one issuer of GitHub Actions tokens. Its refusals have Fulcio's own words
 * (https://github.com/sigstore/fulcio, pkg/server/error.go), which never name the reason. Certificates are valid for
 * ten minutes and are in the certificate log. It accepts P-256 keys only, and no certificate signing requests.
 */
export async function openFulcio(keys: KeyRing, issuer: string): Promise<Fulcio> {
  const log = await initializeCTLog(keys.certificateLog);
  const authority = await initializeCA(keys.authority, log);
  const handler = fulcioHandler(
    {
      // A copy: the handler would use the whole memory behind the view.
      rootCertificate: new Uint8Array(keys.certificates.authority),
      issueCertificate: (request) => authority.issueCertificate(request),
    },
    { subjectClaim: "x_san" },
  );
  return async (body, authorization) => {
    const { credentials, publicKeyRequest } = parse(body);
    // Clients in JavaScript send the token in the body, those in Go in the header.
    const token = credentials?.oidcIdentityToken ?? authorization?.replace(/^Bearer /i, "") ?? "";
    let claims: Claims;
    try {
      claims = verifyToken(token, keys.issuer.publicKey, { issuer, audience: "sigstore" });
    } catch {
      throw refusal("There was an error processing the identity token");
    }
    const content = publicKeyRequest?.publicKey?.content ?? "";
    const key = parseKey(content);
    const proof = Buffer.from(publicKeyRequest?.proofOfPossession ?? "", "base64");
    if (!verify("sha256", Buffer.from(String(claims["sub"])), key, proof)) {
      throw refusal("The signature supplied in the request could not be verified");
    }
    const { statusCode, response } = await handler.fn(
      JSON.stringify({
        credentials: {
          oidcIdentityToken: unsignedToken({
            ...claims,
            x_san: `https://github.com/${String(claims["job_workflow_ref"])}`,
          }),
        },
        publicKeyRequest: { publicKey: { content: key.export({ type: "spki", format: "pem" }) } },
      }),
    );
    if (statusCode !== 201) {
      throw new Error(String(response));
    }
    // Clients in Go accept 200 only.
    return jsonAnswer(200, JSON.parse(String(response)));
  };
}

function parse(body: string): SigningRequest {
  try {
    return (JSON.parse(body) ?? {}) as SigningRequest;
  } catch {
    throw refusal("There was an error processing the credentials for this request");
  }
}

/** The text is PEM, or PEM in base64 (a bytes field of Go's). */
function parseKey(content: string): KeyObject {
  try {
    const pem = content.startsWith("-----") ? content : Buffer.from(content, "base64").toString("utf8");
    const key = createPublicKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") {
      return key;
    }
  } catch {
    // Refused below, like any other key.
  }
  throw refusal("The public key supplied in the request could not be parsed");
}

function refusal(message: string): ServiceError {
  return new ServiceError(400, invalidArgument, message);
}
