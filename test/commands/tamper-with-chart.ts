import { putBlob } from "../../clients/registry/blob-upload.ts";
import { getManifest, putManifest } from "../../clients/registry/registry.ts";
import { chartMediaTypes } from "../../formats/chart/chart-manifest.ts";

// The test of the start command runs this in the environment of its sandbox: it changes over HTTP what is released of the example's chart.
const chart = `${process.env["SANDBOX_REGISTRY"]}/acme/charts/widgets`;

interface Manifest {
  config: object;
  layers: object[];
}

interface Attached {
  name: string;
  url: string;
}

/** Replaces the package of the Release by one with another byte. */
async function changeByte(name: string): Promise<void> {
  const release = `${process.env["GITHUB_API_URL"]}/repos/acme/widgets/releases/tags/v1.0.0`;
  const { assets, upload_url: upload } = (await (await send(release)).json()) as {
    assets: Attached[];
    upload_url: string;
  };
  const { url = "" } = assets.find((asset) => asset.name === name) ?? {};
  const bytes = Buffer.from(await (await send(url, { headers: { accept: "application/octet-stream" } })).arrayBuffer());
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  await send(url, { method: "DELETE" });
  const headers = { "content-type": "application/gzip" };
  await send(`${upload.replace(/\{.*\}$/, "")}?name=${name}`, { method: "POST", headers, body: bytes });
}

async function send(url: string, { headers, ...request }: RequestInit = {}): Promise<Response> {
  const authorization = `Bearer ${process.env["GITHUB_TOKEN"]}`;
  const answer = await fetch(url, { ...request, headers: { ...(headers as Record<string, string>), authorization } });
  if (!answer.ok) {
    throw new Error(`${request.method ?? "GET"} ${url}: ${answer.status} ${await answer.text()}`);
  }
  return answer;
}

/** Puts the manifest under the version tag with some keys changed. */
async function changeManifest(change: (manifest: Manifest) => Partial<Manifest>): Promise<void> {
  const there = await getManifest(chart, "1.0.0");
  const manifest = JSON.parse(String(there?.bytes)) as Manifest;
  const bytes = Buffer.from(JSON.stringify({ ...manifest, ...change(manifest) }));
  await putManifest(chart, "1.0.0", { mediaType: "application/vnd.oci.image.manifest.v1+json", bytes });
}

if (process.argv[2] === "with-layers") {
  await changeManifest(({ layers }) => ({ layers: [...layers, ...layers] }));
} else {
  const other = Buffer.from('{"name":"gadgets","version":"1.0.0","apiVersion":"v2"}');
  const config = await putBlob(chart, other, chartMediaTypes.config);
  await changeManifest(() => ({ config }));
  await changeByte("widgets-1.0.0.tgz");
}
