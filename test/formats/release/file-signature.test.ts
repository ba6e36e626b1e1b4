import { describe, expect, it } from "vitest";
import { bareSignatureName, bundleName, signatureNames } from "../../../formats/release/file-signature.ts";

describe("signatureNames", () => {
  it.each([
    ["install.yaml", ["install.yaml.sigstore.json"]],
    ["chart.tgz", ["chart.tgz.sigstore.json", "chart.tgz.sig"]],
    ["app.tar.gz", ["app.tar.gz.sigstore.json"]],
    ["notes-of-tgz", ["notes-of-tgz.sigstore.json"]],
  ])("has beside it, for %s: %j", (file, names) => {
    expect(signatureNames(file)).toEqual(names);
  });
  it("has a bundle of the name that other Sigstore clients look for", () => {
    expect(bundleName("app.txt")).toBe("app.txt.sigstore.json");
  });
  it.each([
    ["chart.tgz", "chart.tgz.sig"],
    ["chart.tgz.sig", undefined],
    ["chart.zip", undefined],
  ])("has a bare signature beside a .tgz alone: %s, %s", (file, name) => {
    expect(bareSignatureName(file)).toBe(name);
  });
});
