import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { digestOf, registryClient } from "../../test/sandbox/registry-client.ts";

/** Whose signatures the bench makes, in every program that it compares. */
export const workflow = "acme/widgets/.github/workflows/release.yml";

/**
 * Checks that an image is under its version's tag, and with cosign that it is signed on its index and on each platform's manifest and that its
 * provenance and its SBOM are attested.
 * @param name of the repository, without the registry
 * @param digest of the index
 * @throws Error if the tag names something else, or with cosign's words
 */
export async function verifyImage(sandbox: Sandbox, name: string, version: string, digest: string): Promise<void> {
  const repository = `${sandbox.addresses.registry}/${name}`;
  const reference = `${repository}@${digest}`;
  const index = await readIndex(sandbox, name, version);
  if (index.digest !== digest || index.manifests.length !== 2) {
    throw new Error(`${repository}:${version} is not an index of two platforms with the digest ${digest}`);
  }
  for (const manifest of index.manifests) {
    await cosign(sandbox, "verify", `${repository}@${manifest}`);
  }
  await cosign(sandbox, "verify", reference);
  await cosign(sandbox, "verify-attestation", "--type", "https://sigstore.dev/cosign/sign/v1", reference);
  await cosign(sandbox, "verify-attestation", "--type", "slsaprovenance1", reference);
  await cosign(sandbox, "verify-attestation", "--type", "spdxjson", reference);
}

/**
 * Downloads the files of a Release and checks them: install.yaml and checksums.txt against their bundles, install.yaml against the checksums.
 * @param repository `owner/name`
 * @param folder for the files
 * @throws Error if the Release is not public, or with the words of cosign or sha256sum
 */
export async function verifyFiles(sandbox: Sandbox, repository: string, tag: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of ["install.yaml", "checksums.txt"]) {
    for (const file of [name, `${name}.sigstore.json`]) {
      const answer = await fetch(`${sandbox.addresses.web}/${repository}/releases/download/${tag}/${file}`);
      if (!answer.ok) {
        throw new Error(`${repository} ${tag} ${file}: ${answer.status}`);
      }
      await writeFile(join(folder, file), Buffer.from(await answer.arrayBuffer()));
    }
    const path = join(folder, name);
    await cosign(sandbox, "verify-blob", "--bundle", `${path}.sigstore.json`, path);
  }
  await execa("sha256sum", ["--check", "--ignore-missing", "--strict", "checksums.txt"], { cwd: folder });
}

/** The digest of the index under a tag, and those of its manifests. */
async function readIndex(
  sandbox: Sandbox,
  name: string,
  tag: string,
): Promise<{ digest: string; manifests: readonly string[] }> {
  const client = registryClient(sandbox);
  const token = await client.bearer([`repository:${name}:pull`]);
  const accept = "application/vnd.oci.image.index.v1+json";
  const answer = await client.send("GET", `/v2/${name}/manifests/${tag}`, token, { headers: { accept } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const { manifests = [] } = JSON.parse(bytes.toString()) as { manifests?: { digest: string }[] };
  return { digest: digestOf(bytes), manifests: manifests.map(({ digest }) => digest) };
}

async function cosign({ environment, sigstore }: Sandbox, command: string, ...args: string[]): Promise<void> {
  const trust = ["--trusted-root", sigstore.trustedRoot, "--certificate-oidc-issuer", sigstore.issuer];
  const identity = `https://github.com/${workflow}@refs/heads/main`;
  await execa("cosign", [command, ...trust, "--certificate-identity", identity, ...args], { env: environment });
}
