import { join } from "node:path";
import { openDoor } from "../door/door.ts";
import type { Answer } from "../door/answer.ts";
import type { Exchange } from "../door/door.ts";
import type { Faults } from "../door/faults.ts";
import type { Journal } from "../door/journal.ts";
import { openFulcio } from "./fulcio.ts";
import type { Fulcio } from "./fulcio.ts";
import { createIdentity } from "./identity.ts";
import type { ActionsIdentity } from "./identity.ts";
import { jsonWebKey } from "./json-web-token.ts";
import { openKeyRing } from "./key-ring.ts";
import { openRekorV1, treeId } from "./rekor-v1.ts";
import type { RekorV1 } from "./rekor-v1.ts";
import { openRekorV2 } from "./rekor-v2.ts";
import type { RekorV2 } from "./rekor-v2.ts";
import { jsonAnswer, ServiceError } from "./service-error.ts";
import { openTimestampAuthority } from "./timestamp-authority.ts";
import type { TimestampAuthority } from "./timestamp-authority.ts";
import { openTransparencyLog } from "./transparency-log.ts";
import { writeTrustFiles } from "./trusted-root.ts";
import type { TrustFiles } from "./trusted-root.ts";

/** Sigstore on one loopback port: token issuer, Fulcio, Rekor 1 and 2, certificate log, timestamps. All cryptography is real. */
export interface SigstoreDouble extends TrustFiles {
  /** `http://127.0.0.1:PORT`: base address of Fulcio, both Rekors and the timestamp authority. */
  url: string;
  /** Issuer of the identity tokens, as certificates name it. */
  issuer: string;
  /** Value of ACTIONS_ID_TOKEN_REQUEST_URL. */
  tokenRequestUrl: string;
  /** The identities of runs. */
  identity: ActionsIdentity;
  /** How many entries both logs have together. */
  entries(): number;
  close(): Promise<void>;
}

/** Options of the double. */
export interface SigstoreDoubleOptions {
  /** Absolute folder of its keys, logs and files. */
  folder: string;
  port: number;
  journal: Journal;
  faults: Faults;
  /** As in the options of a door. */
  delay?: number | undefined;
  /** The commit that a ref of a repository (`owner/name`) names, else that of the default branch. Default: none is known. */
  commitOf?(repository: string, ref: string): Promise<string | undefined>;
  /** Called for every unknown request and every failure of the double. */
  onViolation(what: string): void;
}

/** Opens the double, with the keys and logs of earlier starts. */
export async function openSigstoreDouble(options: SigstoreDoubleOptions): Promise<SigstoreDouble> {
  const { folder, port, journal, faults, delay, onViolation, commitOf = async () => undefined } = options;
  const url = `http://127.0.0.1:${port}`;
  const keys = await openKeyRing(join(folder, "keys.json"));
  const files = await writeTrustFiles(folder, keys, url);
  const v1 = await openTransparencyLog({
    file: join(folder, "rekor-v1.jsonl"),
    privateKey: keys.rekorV1.privateKey,
    origin: `127.0.0.1:${port} - ${treeId}`,
    signer: `127.0.0.1:${port}`,
  });
  // Clients expect Rekor 2 to name itself by its host, without the port.
  const v2 = await openTransparencyLog({
    file: join(folder, "rekor-v2.jsonl"),
    privateKey: keys.rekorV2.privateKey,
    origin: "127.0.0.1",
    signer: "127.0.0.1",
  });
  const { requestToken, issuer: issuerKeys } = keys;
  const identity = createIdentity({ issuer: url, requestToken, privateKey: issuerKeys.privateKey });
  const services: Services = {
    url,
    identity,
    commitOf,
    keySet: { keys: [jsonWebKey(issuerKeys.privateKey)] },
    fulcio: await openFulcio(keys, url),
    rekorV1: openRekorV1(v1),
    rekorV2: openRekorV2(v2),
    timestamps: await openTimestampAuthority(keys),
  };
  const door = await openDoor({
    port,
    journal,
    faults,
    delay,
    doorOf: () => "sigstore",
    repositoryOf: () => undefined,
    async handle(exchange) {
      try {
        const answer = await route(exchange, services);
        if (answer === undefined) {
          const { method, path } = exchange;
          onViolation(`${method} ${path}: the sandbox does not know this operation of Sigstore`);
          return jsonAnswer(501, { code: 501, message: `${method} ${path} is not part of the sandbox` });
        }
        return answer;
      } catch (error) {
        if (error instanceof ServiceError) {
          const { status, code, message, headers } = error;
          return jsonAnswer(status, { code, message, details: [] }, headers);
        }
        throw error;
      }
    },
    onFailure: ({ method, path }, error) =>
      onViolation(
        `${method} ${path}: the sandbox failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      ),
  });
  return {
    ...files,
    url,
    issuer: url,
    // GitHub's also has a query: clients must add theirs to it.
    tokenRequestUrl: `${url}/token?api-version=2.0`,
    identity,
    entries: () => v1.size + v2.size,
    async close() {
      await door.close();
      await Promise.all([v1.close(), v2.close()]);
    },
  };
}

interface Services {
  url: string;
  identity: ActionsIdentity;
  commitOf: (repository: string, ref: string) => Promise<string | undefined>;
  keySet: object;
  fulcio: Fulcio;
  rekorV1: RekorV1;
  rekorV2: RekorV2;
  timestamps: TimestampAuthority;
}

const entriesPath = "/api/v1/log/entries";

/** `undefined` if the sandbox does not know the operation. */
async function route(exchange: Exchange, services: Services): Promise<Answer | undefined> {
  const { method, url, headers } = exchange;
  const { authorization, "content-type": contentType = "" } = headers;
  const { url: issuer, keySet, fulcio, rekorV1, rekorV2, timestamps } = services;
  const { pathname } = url;
  if (method === "GET" && pathname.startsWith(`${entriesPath}/`)) {
    return rekorV1.read(pathname.slice(entriesPath.length + 1));
  }
  switch (`${method} ${pathname}`) {
    case "GET /.well-known/openid-configuration":
      return jsonAnswer(200, discovery(issuer));
    case "GET /keys":
      return jsonAnswer(200, keySet);
    case "GET /token":
      return tokenAnswer(services, authorization, url.searchParams.get("audience"));
    case "POST /api/v2/signingCert":
      return fulcio((await bodyOf(exchange)).toString("utf8"), authorization);
    case `POST ${entriesPath}`:
      return rekorV1.create((await bodyOf(exchange)).toString("utf8"));
    case `GET ${entriesPath}`:
      return rekorV1.readIndex(Number(url.searchParams.get("logIndex") ?? -1));
    case "GET /api/v1/log":
      return rekorV1.state();
    case "POST /api/v2/log/entries":
      return rekorV2((await bodyOf(exchange)).toString("utf8"));
    case "POST /api/v1/timestamp":
      return timestamps(await bodyOf(exchange), contentType);
    default:
      return undefined;
  }
}

function discovery(issuer: string): Record<string, unknown> {
  return {
    issuer,
    jwks_uri: `${issuer}/keys`,
    subject_types_supported: ["public", "pairwise"],
    response_types_supported: ["id_token"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
  };
}

async function tokenAnswer(
  { identity, commitOf }: Services,
  authorization: string | undefined,
  audience: string | null,
): Promise<Answer> {
  const requestToken = authorization?.replace(/^Bearer /i, "") ?? "";
  const claims = identity.claims(requestToken);
  if (requestToken === "" || claims === undefined) {
    throw new ServiceError(401, 401, "The request token is unknown");
  }
  // As at GitHub: without an audience, the token is for the owner's address.
  const value = identity.token({
    audience: audience ?? `https://github.com/${claims.repository_owner}`,
    requestToken,
    sha: await commitOf(claims.repository, claims.ref),
  });
  return jsonAnswer(200, { count: value.length, value });
}

async function bodyOf(exchange: Exchange): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of exchange.body()) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
