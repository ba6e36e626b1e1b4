import type { IncomingHttpHeaders } from "node:http";

/** One request to the API, however it came: the door's exchanges are of this kind, and a caller without a socket makes its own. */
export interface ApiExchange {
  /** In capital letters. */
  method: string;
  /** Path and query as received: `/api/v3/repos/acme/widgets/releases?per_page=100`, or below `/api/uploads` for an asset's bytes. */
  path: string;
  /** The same as an address; its origin does not matter. */
  url: URL;
  /** By names in lower case. The API requires `user-agent`, and an upload requires `content-length`. */
  headers: IncomingHttpHeaders;
  /** The request's body, read at most once and only by routes that have one. If it throws, the call fails with its error. */
  body(): AsyncIterable<Buffer>;
}
