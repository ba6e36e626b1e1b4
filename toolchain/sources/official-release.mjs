import { versions } from "../machine/versions.mjs";

/** @typedef {import("../machine/machine.mjs").Machine} Machine */
/** @typedef {"pulumi" | "registry" | "buildkit" | "helm" | "cosign" | "gh" | "fulcio" | "rekor" | "timestampAuthority"} ReleasedKey */

/**
 * @typedef {object} ReleaseFiles What one release has for one system.
 * @property {string} file Name of the archive, or of the program itself.
 * @property {string} sums Name of the file that has the sha256 of `file`.
 * @property {string} [program] If `file` is the program itself: its name in its place.
 * @property {string} [inside] If `file` is an archive: the folder in it that has the programs; `.` is the archive's root.
 * @property {readonly string[]} [programs] The programs wanted of that folder. Default: everything in it.
 */

/** @typedef {ReleaseFiles & { address: string }} OfficialRelease `address`: of all files of the release, with no slash at its end. */

/**
 * @typedef {object} ReleaseRow
 * @property {(version: string) => string} address Of all files of the release, with no slash at its end.
 * @property {readonly string[]} systems Those with a release, as `process.platform`. All of them on x64 and arm64.
 * @property {(version: string, platform: string, arch: string) => ReleaseFiles} files `arch` in Go's words: amd64, arm64.
 */

/**
 * The official release of each tool.
 *
 * Source: what makes the release, in the repository at the tool's version: Dockerfile and .github/workflows/build.yml
 * (distribution), Dockerfile and .github/workflows/buildkit.yml (buildkit), .github/workflows/sign.yml (pulumi),
 * Makefile, .goreleaser.yaml and scripts/get-helm-4 (helm), .goreleaser.yml (the others).
 *
 * @type {Record<ReleasedKey, ReleaseRow>}
 */
const rows = {
  pulumi: {
    address: onGitHub("pulumi/pulumi"),
    systems: ["linux", "darwin"],
    files: (version, platform, arch) => ({
      file: `pulumi-v${version}-${platform}-${arch === "amd64" ? "x64" : arch}.tar.gz`,
      sums: `pulumi-${version}-checksums.txt`,
      inside: "pulumi",
    }),
  },
  registry: {
    address: onGitHub("distribution/distribution"),
    systems: ["linux"],
    files(version, platform, arch) {
      const file = `registry_${version}_${platform}_${arch}.tar.gz`;
      return { file, sums: `${file}.sha256`, inside: ".", programs: ["registry"] };
    },
  },
  buildkit: {
    address: onGitHub("moby/buildkit"),
    systems: ["linux"],
    files(version, platform, arch) {
      const name = `buildkit-v${version}.${platform}-${arch}`;
      const programs = ["buildkitd", "buildctl"];
      return { file: `${name}.tar.gz`, sums: `${name}.provenance.json`, inside: "bin", programs };
    },
  },
  helm: {
    address: () => "https://get.helm.sh",
    systems: ["linux", "darwin"],
    files(version, platform, arch) {
      const file = `helm-v${version}-${platform}-${arch}.tar.gz`;
      return { file, sums: `${file}.sha256sum`, inside: `${platform}-${arch}`, programs: ["helm"] };
    },
  },
  cosign: sigstore("cosign", ["linux", "darwin"], "cosign", "cosign"),
  gh: {
    address: onGitHub("cli/cli"),
    systems: ["linux", "darwin"],
    files(version, platform, arch) {
      const name = `gh_${version}_${platform === "darwin" ? "macOS" : platform}_${arch}`;
      const file = `${name}.${platform === "darwin" ? "zip" : "tar.gz"}`;
      return { file, sums: `gh_${version}_checksums.txt`, inside: `${name}/bin`, programs: ["gh"] };
    },
  },
  fulcio: sigstore("fulcio", ["linux"], "fulcio", "fulcio"),
  rekor: sigstore("rekor-tiles", ["linux", "darwin"], "rekor-server-posix", "rekor-server"),
  timestampAuthority: sigstore("timestamp-authority", ["linux"], "timestamp-server", "timestamp-server"),
};

/**
 * Finds the official release of a tool for a machine's system.
 *
 * @param {ReleasedKey} key
 * @param {Machine} machine
 * @returns {OfficialRelease | undefined} undefined if its makers publish none for that system
 */
export function officialRelease(key, { platform, arch }) {
  const { address, systems, files } = rows[key];
  const goArch = { x64: "amd64", arm64: "arm64" }[arch];
  if (!systems.includes(platform) || goArch === undefined) {
    return undefined;
  }
  const version = versions[key];
  return { address: address(version), ...files(version, platform, goArch) };
}

/**
 * @param {string} repository
 * @returns {ReleaseRow["address"]}
 */
function onGitHub(repository) {
  return (version) => `https://github.com/${repository}/releases/download/v${version}`;
}

/**
 * @param {string} project
 * @param {readonly string[]} systems
 * @param {string} published first part of the program's name in the release
 * @param {string} program
 * @returns {ReleaseRow}
 */
function sigstore(project, systems, published, program) {
  return {
    address: onGitHub(`sigstore/${project}`),
    systems,
    files: (_, platform, arch) => ({
      file: `${published}-${platform}-${arch}`,
      sums: `${project}_checksums.txt`,
      program,
    }),
  };
}
