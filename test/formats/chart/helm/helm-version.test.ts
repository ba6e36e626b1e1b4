import { describe, expect, it } from "vitest";
import { isCompleteVersion, readVersion } from "../../../../formats/chart/helm/helm-version.ts";

describe("readVersion", () => {
  it.each([
    ["1.2.3", "1.2.3"],
    ["v1.2.3", "1.2.3"],
    ["1.2", "1.2.0"],
    ["v1", "1.0.0"],
    ["01.02.03", "1.2.3"],
    ["1.2-rc.1", "1.2.0-rc.1"],
    ["1.2.3-rc.1+b.01", "1.2.3-rc.1"],
  ])("reads %s as %s", (text, version) => {
    expect(readVersion(text)?.version).toBe(version);
  });

  it.each(["", "latest", "1.2.3.4", "1.x", "V1", "1.2.3-01", "1.2.3-", " 1.2.3", "99999999999999999999.0.0"])(
    "reads no version in `%s`",
    (text) => {
      expect(readVersion(text)).toBeUndefined();
    },
  );
});

describe("isCompleteVersion", () => {
  it.each(["1.2.3", "0.0.0", "1.2.3-rc.1", "1.2.3+build.5", "1.2.3-rc.1+5"])("accepts %s", (text) => {
    expect(isCompleteVersion(text)).toBe(true);
  });

  it.each(["v1.2.3", "1.2", "1", "01.2.3", "1.2.3 ", " 1.2.3", "=1.2.3", "1.2.3-01", "1.2.x", ""])(
    "does not accept `%s`",
    (text) => {
      expect(isCompleteVersion(text)).toBe(false);
    },
  );
});
