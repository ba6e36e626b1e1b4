import { describe, expect, it } from "vitest";
import { officialRelease } from "../../../toolchain/sources/official-release.mjs";
import type { ReleasedKey } from "../../../toolchain/sources/official-release.mjs";
import { makeUpMachine } from "../made-up-machine.ts";

const distribution = "https://github.com/distribution/distribution/releases/download/v3.1.2";
const sigstore = "https://github.com/sigstore";

describe("officialRelease", () => {
  it.each<[ReleasedKey, string, string, file: string | undefined, sums?: string]>([
    [
      "registry",
      "linux",
      "x64",
      `${distribution}/registry_3.1.2_linux_amd64.tar.gz`,
      "registry_3.1.2_linux_amd64.tar.gz.sha256",
    ],
    [
      "registry",
      "linux",
      "arm64",
      `${distribution}/registry_3.1.2_linux_arm64.tar.gz`,
      "registry_3.1.2_linux_arm64.tar.gz.sha256",
    ],
    ["registry", "darwin", "arm64", undefined],
    ["registry", "linux", "riscv64", undefined],
    [
      "pulumi",
      "linux",
      "x64",
      "https://github.com/pulumi/pulumi/releases/download/v3.259.0/pulumi-v3.259.0-linux-x64.tar.gz",
      "pulumi-3.259.0-checksums.txt",
    ],
    [
      "pulumi",
      "darwin",
      "arm64",
      "https://github.com/pulumi/pulumi/releases/download/v3.259.0/pulumi-v3.259.0-darwin-arm64.tar.gz",
      "pulumi-3.259.0-checksums.txt",
    ],
    [
      "buildkit",
      "linux",
      "x64",
      "https://github.com/moby/buildkit/releases/download/v0.31.1/buildkit-v0.31.1.linux-amd64.tar.gz",
      "buildkit-v0.31.1.linux-amd64.provenance.json",
    ],
    [
      "helm",
      "linux",
      "x64",
      "https://get.helm.sh/helm-v4.3.1-linux-amd64.tar.gz",
      "helm-v4.3.1-linux-amd64.tar.gz.sha256sum",
    ],
    [
      "helm",
      "darwin",
      "arm64",
      "https://get.helm.sh/helm-v4.3.1-darwin-arm64.tar.gz",
      "helm-v4.3.1-darwin-arm64.tar.gz.sha256sum",
    ],
    ["helm", "win32", "x64", undefined],
    [
      "cosign",
      "linux",
      "x64",
      `${sigstore}/cosign/releases/download/v3.1.3/cosign-linux-amd64`,
      "cosign_checksums.txt",
    ],
    [
      "cosign",
      "darwin",
      "arm64",
      `${sigstore}/cosign/releases/download/v3.1.3/cosign-darwin-arm64`,
      "cosign_checksums.txt",
    ],
    [
      "gh",
      "linux",
      "arm64",
      "https://github.com/cli/cli/releases/download/v2.96.0/gh_2.96.0_linux_arm64.tar.gz",
      "gh_2.96.0_checksums.txt",
    ],
    [
      "gh",
      "darwin",
      "arm64",
      "https://github.com/cli/cli/releases/download/v2.96.0/gh_2.96.0_macOS_arm64.zip",
      "gh_2.96.0_checksums.txt",
    ],
    [
      "fulcio",
      "linux",
      "x64",
      `${sigstore}/fulcio/releases/download/v1.8.8/fulcio-linux-amd64`,
      "fulcio_checksums.txt",
    ],
    ["fulcio", "darwin", "arm64", undefined],
    [
      "rekor",
      "linux",
      "x64",
      `${sigstore}/rekor-tiles/releases/download/v2.3.0/rekor-server-posix-linux-amd64`,
      "rekor-tiles_checksums.txt",
    ],
    [
      "timestampAuthority",
      "linux",
      "x64",
      `${sigstore}/timestamp-authority/releases/download/v2.1.3/timestamp-server-linux-amd64`,
      "timestamp-authority_checksums.txt",
    ],
  ])("of %s on %s %s is %s", async (key, platform, arch, file, sums) => {
    const release = officialRelease(key, { ...(await makeUpMachine()), platform, arch });
    expect([release && `${release.address}/${release.file}`, release?.sums]).toEqual([file, sums]);
  });
});
