import { generateKeyPair } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startTiedProcess } from "../../sandbox/host/tied-process.ts";
import type { TrustedServices } from "../clients/sigstore/signing-sandbox.ts";
import { openCertificateLog } from "./certificate-log.ts";
import { fulcioConfig } from "./fulcio-config.ts";
import { writeTrustFiles } from "./trust-files.ts";

/** Fixed, as the network namespace is ours alone. The three that answer nobody are metrics, which two of the servers offer on all interfaces. */
const ports = {
  fulcio: "5555",
  fulcioGrpc: "5554",
  fulcioMetrics: "2113",
  rekor: "3000",
  rekorGrpc: "3001",
  rekorMetrics: "2114",
  timestamps: "3002",
};
const loopbackHost = "127.0.0.1";
const address = (port: keyof typeof ports): string => `http://${loopbackHost}:${ports[port]}`;

/**
 * Starts Sigstore's real servers with fresh keys: fulcio, rekor-tiles (Rekor 2, its tiles in a folder) and timestamp-authority. The
 * certificate log is ours. Identity tokens come from elsewhere. One instance at a time.
 * @param folder absolute; made where it is missing, gets keys, tiles, configuration, logs and the trust files
 * @param issuer of the GitHub Actions tokens that Fulcio takes
 * @throws Error where other network interfaces than loopback are there (two of the servers listen on all of them), or where a server ends
 * or does not answer within 30 s; nothing is left running then
 */
export async function startRealSigstore(folder: string, issuer: string): Promise<TrustedServices> {
  const others = Object.keys(networkInterfaces()).filter((name) => name !== "lo");
  if (others.length > 0) {
    throw new Error(
      `Sigstore's servers listen on all interfaces, and here are ${others.join(", ")}. Run \`npm run conformance\`.`,
    );
  }
  await mkdir(folder, { recursive: true });
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => void (await Promise.all(closers.splice(0).map((end) => end())));
  const start = (name: string, flags: Record<string, string>): Promise<never> => {
    const log = join(folder, `${name}.log`);
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const server = startTiedProcess({ command: [name, "serve", ...args], log });
    closers.push(server.end);
    const ended = server.ended.then((code) => {
      throw new Error(`${name} ended with code ${code}, its log is ${log}`);
    });
    ended.catch(() => undefined);
    return ended;
  };
  try {
    const certificateLog = await openCertificateLog();
    closers.push(certificateLog.close);
    const rekorKeys = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
    const files = { ct: join(folder, "ct.pem"), rekor: join(folder, "rekor.pem"), fulcio: join(folder, "fulcio.yaml") };
    await writeFile(files.ct, certificateLog.publicKey.export({ type: "spki", format: "pem" }));
    await writeFile(files.rekor, rekorKeys.privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    await writeFile(files.fulcio, fulcioConfig(issuer));
    const tiles = join(folder, "tiles");
    const fulcio = start("fulcio", {
      ca: "ephemeralca",
      "config-path": files.fulcio,
      "ct-log-url": certificateLog.url,
      "ct-log-public-key-path": files.ct,
      host: loopbackHost,
      port: ports.fulcio,
      "grpc-host": loopbackHost,
      "grpc-port": ports.fulcioGrpc,
      "metrics-port": ports.fulcioMetrics,
    });
    const rekor = start("rekor-server", {
      hostname: loopbackHost,
      "http-port": ports.rekor,
      "grpc-port": ports.rekorGrpc,
      "http-metrics-port": ports.rekorMetrics,
      "signer-filepath": files.rekor,
      "storage-dir": tiles,
      // The default keeps a signer waiting for ten seconds.
      "checkpoint-interval": "100ms",
      "batch-max-age": "10ms",
    });
    const timestamps = start("timestamp-server", {
      host: loopbackHost,
      port: ports.timestamps,
      "timestamp-signer": "memory",
      "disable-ntp-monitoring": "true",
    });
    const bundle = JSON.parse(await Promise.race([fulcio, answerOf(`${address("fulcio")}/api/v2/trustBundle`)])) as {
      chains: { certificates: string[] }[];
    };
    const timestampChain = await Promise.race([
      timestamps,
      answerOf(`${address("timestamps")}/api/v1/timestamp/certchain`),
    ]);
    await Promise.race([rekor, answerOf(`${address("rekor")}/healthz`)]);
    const trust = await writeTrustFiles(folder, {
      fulcio: address("fulcio"),
      rekor: address("rekor"),
      timestamps: `${address("timestamps")}/api/v1/timestamp`,
      fulcioChain: bundle.chains[0]?.certificates.join("\n") ?? "",
      timestampChain,
      rekorKey: rekorKeys.publicKey,
      certificateLog,
      issuer,
    });
    return { ...trust, entries: () => treeSize(join(tiles, "checkpoint")), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The text that an address answers with, once it does. */
async function answerOf(url: string): Promise<string> {
  for (const deadline = Date.now() + 30_000; ;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) {
      return answer.text();
    }
    if (Date.now() > deadline) {
      throw new Error(`${url}: no answer within 30 s (${answer?.status ?? "no connection"})`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The second line of a checkpoint. The server answers a signer only once the checkpoint has the entry. */
async function treeSize(file: string): Promise<number> {
  return Number((await readFile(file, "utf8")).split("\n")[1]);
}
