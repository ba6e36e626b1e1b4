import { describe, expect, it } from "vitest";
import { catalogue, explanationOf, findRefusal } from "../../errors/catalogue.ts";
import { removeFailedStep } from "../../errors/catalogue/builder.ts";
import { matches, rankRefusal } from "../../errors/catalogue/known-refusal.ts";
import type { KnownRefusal } from "../../errors/catalogue/known-refusal.ts";
import { anyServiceSamples } from "./catalogue/any-service-samples.ts";
import { builderSamples } from "./catalogue/builder-samples.ts";
import { releaseSamples, settingsSamples } from "./catalogue/github-samples.ts";
import { registrySamples } from "./catalogue/registry-samples.ts";
import type { Sample } from "./catalogue/sample.ts";

const samples: readonly Sample[] = [
  ...anyServiceSamples,
  ...registrySamples,
  ...builderSamples,
  ...releaseSamples,
  ...settingsSamples,
];

/** The rows that match a sample and ask no less of it than any other that does. */
function foremost(words: string, request = ""): KnownRefusal[] {
  const matching = catalogue.filter((row) => matches(row, removeFailedStep(words), request));
  const highest = Math.max(...matching.map(rankRefusal));
  return matching.filter((row) => rankRefusal(row) === highest);
}

function shown({ words, bare, request }: KnownRefusal): string {
  return `${words ?? bare} ${request ?? ""}`;
}

describe("catalogue", () => {
  it.each(samples)("says %s (%s): %s", (code, fix, words, request) => {
    const explanation = explanationOf(words, request);
    expect({ code: explanation.code, fix: explanation.fix }).toEqual({ code, fix: expect.stringMatching(fix) });
  });

  it.each(samples)("says more than a bare status (%s, %s): %s", (_, __, words, request) => {
    const { meaning, fix } = explanationOf(words, request);
    expect([meaning, fix].filter((text) => /^\d{3}$|^$/.test(text))).toEqual([]);
  });

  it("has one row for every sample, so that the order of rows decides nothing", () => {
    const shared = samples
      .map(([, , words, request]) => ({ words, rows: foremost(words, request).map(shown) }))
      .filter(({ rows }) => rows.length > 1);
    expect(shared).toEqual([]);
  });

  it("has a sample for every row that no other row has, so that no row is in another's shadow", () => {
    const used = new Set(samples.map(([, , words, request]) => findRefusal(words, request)));
    expect(catalogue.filter((row) => !used.has(row)).map(shown)).toEqual([]);
  });

  it("never calls a rate limit a missing permission", () => {
    const limits = samples
      .filter(([code, , words]) => code !== "BUILD_FAILED" && /rate limit|too ?many ?requests/i.test(words))
      .map(([, , words]) => explanationOf(words));
    expect(limits.length).toBeGreaterThan(5);
    expect(new Set(limits.map(({ code }) => code))).toEqual(new Set(["RATE_LIMITED"]));
    expect(limits.every(({ fix }) => !/permissions|write access|docker login/.test(fix))).toBe(true);
  });
});

describe("explanationOf, when the fix is on a page", () => {
  const words = "403 DENIED: permission_denied: write_package";

  it("names the page of the very package", () => {
    const page = "https://github.com/orgs/acme/packages/container/capt/settings";
    expect(explanationOf(words, "", page).fix.split("\n")).toEqual([expect.stringContaining("role Write"), page]);
  });

  it("describes it if the page is not known", () => {
    expect(explanationOf(words).fix).toContain("https://github.com/orgs/ORG/packages/container/NAME/settings");
  });

  it("is not made of a text that is for every page", () => {
    expect(explanationOf("404 Not Found", "", "https://github.com").fix).not.toContain("https://");
  });
});

describe("removeFailedStep", () => {
  it("removes the command that failed, however it is quoted", () => {
    const step = String.raw`process "/bin/sh -c echo \"a\" \\" did not complete successfully: exit code: 1`;
    expect(removeFailedStep(`failed to solve: ${step}`)).toBe("RUN did not complete successfully");
    expect(removeFailedStep(`#5 ERROR: ${step}`)).toBe("#5 ERROR: RUN did not complete successfully");
  });

  it("leaves a text as it is if no command failed", () => {
    const words = 'failed to solve: failed to push ghcr.io/acme/app: denied: the process "x" may not write';
    expect(removeFailedStep(words)).toBe(words);
  });
});
