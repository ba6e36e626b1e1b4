import type { Sample } from "./sample.ts";

export const anyServiceSamples: readonly Sample[] = [
  ["UNEXPECTED", /split/, "413 Request Entity Too Large"],
  ["UNEXPECTED", /split/, "422 Validation Failed: size exceeds the maximum"],
  ["UNEXPECTED", /proxy/, "200 the answer is longer than 67108864 bytes"],
  ["UNEXPECTED", /proxy/, "200 the document has more than a million values"],
  ["UNEXPECTED", /proxy/, "200 GitHub named an address outside of https://api.github.com; nothing was sent there"],
  ["UNEXPECTED", /proxy/, "200 the list names a page again that was read already"],
  ["UNEXPECTED", /proxy/, "200 the list has 30000 pages, and 1000 are read at most"],
  ["UNREACHABLE", /network/, "0 connect ECONNREFUSED 127.0.0.1:5000"],
  ["UNREACHABLE", /network/, "0 other side closed"],
  ["UNREACHABLE", /network/, "0 it gave no OIDC token"],
  ["UNREACHABLE", /network/, "getaddrinfo ENOTFOUND ghcr.io"],
  ["UNREACHABLE", /network/, "no answer"],
  ["SERVER_FAULT", /status page/, "500 Internal Server Error"],
  ["SERVER_FAULT", /status page/, "502 Bad Gateway"],
  ["SERVER_FAULT", /status page/, "503 upstream connect error: connection refused"],
  ["SERVER_FAULT", /status page/, "504 Gateway Timeout"],
  ["NOT_FOUND", /name/, "404 Not Found"],
  ["UNEXPECTED", /report/, "418 I'm a teapot"],
  ["UNEXPECTED", /report/, "x is not a function"],
  ["UNEXPECTED", /report/, ""],
];
