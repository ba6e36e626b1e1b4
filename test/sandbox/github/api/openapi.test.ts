import { describe, expect, it } from "vitest";
import { checkExchange } from "../../../../sandbox/github/api/openapi.ts";
import type { CheckedExchange } from "../../../../sandbox/github/api/openapi.ts";

const refs = "/repos/{owner}/{repo}/git/refs";
const sha = "0".repeat(40);
const reference = {
  ref: "refs/tags/v1",
  node_id: "x",
  url: "http://127.0.0.1/x",
  object: { type: "commit", sha, url: "http://127.0.0.1/y" },
};
const exchange: CheckedExchange = {
  method: "POST",
  path: refs,
  params: { owner: "acme", repo: "widgets" },
  query: new URLSearchParams(),
  body: { ref: "refs/tags/v1", sha },
  status: 201,
  json: reference,
};

describe("checkExchange, when an exchange is as described", () => {
  it("finds nothing", () => {
    expect(checkExchange(exchange)).toEqual([]);
  });
});

describe("checkExchange, when an exchange is not as described", () => {
  it.each<[string, Partial<CheckedExchange>, RegExp]>([
    ["an answer without a required field", { json: { ...reference, object: undefined } }, /answer: body .*'object'/],
    ["a field of the wrong type", { json: { ...reference, ref: 7 } }, /answer: body \/ref must be string/],
    ["an undeclared status", { status: 200 }, /answer: status 200 is not declared/],
    ["a request without a required field", { body: { ref: "refs/tags/v1" } }, /request: body .*'sha'/],
    ["a request without a body", { body: undefined }, /request: the body is missing/],
    [
      "an undeclared query parameter",
      { query: new URLSearchParams({ tag: "1" }) },
      /query parameter tag is not declared/,
    ],
    ["an operation that does not exist", { method: "PUT" }, /is not in GitHub's description/],
    ["a missing path parameter", { params: { owner: "acme" } }, /path parameter repo is missing/],
  ])("finds %s", (_, change, words) => {
    expect(checkExchange({ ...exchange, ...change }).join("\n")).toMatch(words);
  });
  it("reads numbers in the query as numbers", () => {
    const list = { method: "GET", path: "/repos/{owner}/{repo}/releases", body: undefined, status: 200, json: [] };
    const check = (text: string) =>
      checkExchange({ ...exchange, ...list, query: new URLSearchParams({ per_page: text }) });
    expect([check("5"), check("many")]).toEqual([[], ["request: query parameter per_page / must be integer"]]);
  });
});

describe("checkExchange, when GitHub breaks its own description", () => {
  it.each([401, 403, 404])("lets an undeclared %i with an error body pass", (status) => {
    expect(checkExchange({ ...exchange, status, json: { message: "no", documentation_url: "x" } })).toEqual([]);
  });
  it("lets null pass where the description says nullable without a type", () => {
    const asset = {
      url: "http://127.0.0.1/a",
      browser_download_url: "http://127.0.0.1/b",
      id: 1,
      node_id: "x",
      name: "a",
      label: null,
      state: "starter",
      content_type: "x",
      size: 0,
      digest: null,
      download_count: 0,
      created_at: "2026-01-01T00:00:00Z",
      updated_at: "2026-01-01T00:00:00Z",
      uploader: null,
    };
    const list = {
      method: "GET",
      path: "/repos/{owner}/{repo}/releases/{release_id}/assets",
      body: undefined,
      status: 200,
    };
    const params = { ...exchange.params, release_id: "1" };
    expect(checkExchange({ ...exchange, ...list, params, json: [asset] })).toEqual([]);
    expect(checkExchange({ ...exchange, ...list, params, json: [{ ...asset, state: "lost" }] })).toHaveLength(1);
  });
});
