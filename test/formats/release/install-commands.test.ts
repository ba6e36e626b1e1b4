import { describe, expect, it } from "vitest";
import { dependencyEntry, installCommands } from "../../../formats/release/install-commands.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("installCommands", () => {
  it("installs by version and by digest", () => {
    expect(installCommands({ repository: "ghcr.io/acme/charts/app", version: "1.2.3", digest })).toEqual({
      byVersion: "helm install app oci://ghcr.io/acme/charts/app --version 1.2.3",
      byDigest: `helm install app oci://ghcr.io/acme/charts/app@${digest}`,
    });
  });

  it("keeps the `+` of a version, which is `_` in the tag", () => {
    const { byVersion } = installCommands({ repository: "ghcr.io/acme/app", version: "1.2.3+b.5", digest });
    expect(byVersion).toBe("helm install app oci://ghcr.io/acme/app --version 1.2.3+b.5");
  });

  it.each([
    ["my_app", "my-app"],
    ["my__app.v2", "my-app.v2"],
    [`${"a".repeat(52)}-b`, "a".repeat(52)],
    ["b".repeat(60), "b".repeat(53)],
  ])("installs %s under a name that helm accepts", (chart, name) => {
    const { byVersion } = installCommands({ repository: `ghcr.io/acme/${chart}`, version: "1.2.3", digest });
    expect(byVersion).toBe(`helm install ${name} oci://ghcr.io/acme/${chart} --version 1.2.3`);
  });
});

describe("dependencyEntry", () => {
  it("names the chart, its version, and the repository without the chart's name", () => {
    expect(dependencyEntry({ repository: "ghcr.io/acme/charts/common", version: "1.2.3" })).toEqual([
      "dependencies:",
      "  - name: common",
      '    version: "1.2.3"',
      "    repository: oci://ghcr.io/acme/charts",
    ]);
  });
});
