import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getManifest } from "../../../clients/registry/registry.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { writeContext } from "../../sandbox/temporary-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";

const world = connectedSandbox({ builder: true });
const platforms = ["linux/amd64", "linux/arm64", "linux/arm/v7"];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "index-test-"));
  await writeContext(folder, "hello\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Builds for all platforms at once and pushes by digest; BuildKit writes the index. */
async function built(repository: string): Promise<string> {
  const { builder, environment } = world.sandbox;
  const metadata = join(folder, "metadata.json");
  const output = `type=image,push=true,push-by-digest=true,oci-mediatypes=true,name=${repository}`;
  if (builder?.kind === "docker") {
    const options = [
      "--provenance=false",
      "--platform",
      platforms.join(","),
      "--output",
      output,
      "--metadata-file",
      metadata,
    ];
    await execa("docker", ["buildx", "build", ...options, folder], { env: environment });
  } else {
    const inputs = [
      "--local",
      `context=${folder}`,
      "--local",
      `dockerfile=${folder}`,
      "--opt",
      `platform=${platforms.join(",")}`,
    ];
    const outputs = ["--output", output, "--metadata-file", metadata];
    await execa(
      "buildctl",
      ["--addr", builder?.address ?? "", "build", "--frontend", "dockerfile.v0", ...inputs, ...outputs],
      { env: environment },
    );
  }
  return (JSON.parse(await readFile(metadata, "utf8")) as { "containerimage.digest": string })["containerimage.digest"];
}

describe("imageIndexProvider, when BuildKit has joined the same platforms", () => {
  it("has BuildKit's digest", async () => {
    const { repository } = world.image();
    const digest = await built(repository);
    const index = JSON.parse((await getManifest(repository, digest))?.bytes.toString() ?? "{}") as {
      manifests: { digest: string }[];
    };
    const manifests = platforms.map((platform, at) => ({ platform, digest: index.manifests[at]?.digest }));
    const { outs } = await engineHost("image-index").create({ repository, manifests, annotations: {} });
    expect(outs["digest"]).toBe(digest);
  });
});
