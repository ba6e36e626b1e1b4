import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Answer } from "../../door/answer.ts";
import type { ApiExchange } from "../api/api-exchange.ts";
import { attestationsOf } from "./attestation-store.ts";
import type { AttestationRecord } from "./attestation-store.ts";
import type { Links } from "../api/links.ts";
import type { Repository, Store } from "../store/store.ts";

/** The address of bundles: outside the API, because GitHub keeps them at a blob host. */
const addressForm = /^\/([^/]+)\/([^/]+)\/attestation-bundles\/(\d+)\.json\.sn$/;

/** Seconds that an address is valid. */
const lifetime = 3600;

/** Chosen at each start: addresses of an earlier one have expired. */
const secret = randomBytes(32);

/** Makes a pre-signed address of a bundle: anyone who has it may fetch the bundle for an hour. */
export function bundleAddress(
  { record: { owner, name } }: Repository,
  { id }: AttestationRecord,
  links: Links,
): string {
  const path = `/${owner}/${name}/attestation-bundles/${id}.json.sn`;
  const until = String(Math.floor(Date.now() / 1000) + lifetime);
  return `${links.web}${path}?se=${until}&sig=${signature(path, until)}`;
}

/** True for the addresses that `bundleAddress` makes. */
export function isBundleAddress({ pathname }: URL): boolean {
  return addressForm.test(pathname);
}

/**
 * Answers a pre-signed address with the bundle as snappy-compressed JSON. A request with a token is refused, as
 * by blob hosts: the address itself is the permission.
 */
export async function bundleDownload({ method, url, headers }: ApiExchange, store: Store): Promise<Answer> {
  if (headers.authorization !== undefined) {
    return refusal(400, "InvalidAuthenticationInfo");
  }
  const until = url.searchParams.get("se") ?? "";
  const wanted = Buffer.from(signature(url.pathname, until));
  const shown = Buffer.from(url.searchParams.get("sig") ?? "");
  const fits = wanted.length === shown.length && timingSafeEqual(wanted, shown);
  if (method !== "GET" || !fits || Number(until) < Date.now() / 1000) {
    return refusal(403, "AuthenticationFailed");
  }
  const [, owner = "", name = "", id = ""] = addressForm.exec(url.pathname) ?? [];
  const repository = store.find(owner, name);
  const attestations = repository && (await attestationsOf(repository));
  const record = attestations?.all().find((one) => one.id === Number(id));
  if (attestations === undefined || record === undefined) {
    return refusal(404, "BlobNotFound");
  }
  const body = attestations.bundle(record);
  return { status: 200, headers: { "content-type": "application/x-snappy" }, body };
}

function signature(path: string, until: string): string {
  return createHmac("sha256", secret).update(`${path} ${until}`).digest("base64url");
}

function refusal(status: number, code: string): Answer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`;
  return { status, headers: { "content-type": "application/xml" }, body };
}
