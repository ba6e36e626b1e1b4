import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startTiedProcess } from "../host/tied-process.ts";

/** The real registry behind the door. */
export interface Distribution {
  /** Its loopback port; a different one at every start. */
  port: number;
  /** Resolves with its exit code if it ends. */
  ended: Promise<number>;
  close(): Promise<void>;
}

/** Where it stores its data, and whether it may delete. */
export interface DistributionOptions {
  /** Folder for data, configuration and log. */
  folder: string;
  /** Turns on distribution's own delete of manifests and blobs. */
  allowDelete: boolean;
  /** Key that signs its upload session states: constant, so that a session outlives a restart. */
  secret: string;
}

/**
 * Starts `registry` (CNCF Distribution 3) from PATH on a free loopback port and waits until it listens.
 * @throws if the program is missing or ends before it listens; the message has its last words
 */
export async function startDistribution({ folder, allowDelete, secret }: DistributionOptions): Promise<Distribution> {
  const data = join(folder, "data");
  await mkdir(data, { recursive: true });
  const file = join(folder, "config.yml");
  // JSON is YAML. Relative locations keep this port out of every answer.
  const config = {
    version: 0.1,
    // "listening on" is an info line, so the level cannot be quieter.
    log: { level: "info", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: data },
      delete: { enabled: allowDelete },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: "127.0.0.1:0", relativeurls: true, secret },
    health: { storagedriver: { enabled: false } },
  };
  await writeFile(file, `${JSON.stringify(config, undefined, 2)}\n`);
  let words = "";
  let found: ((port: number) => void) | undefined;
  const listening = new Promise<number>((resolve) => {
    found = resolve;
  });
  const running = startTiedProcess({
    command: ["registry", "serve", file],
    log: join(folder, "registry.log"),
    onOutput(text) {
      if (found === undefined) {
        return;
      }
      words += text;
      const port = /listening on 127\.0\.0\.1:(\d+)/.exec(words)?.[1];
      if (port !== undefined) {
        found(Number(port));
        found = undefined;
      }
    },
  });
  const port = await Promise.race([
    listening,
    running.ended.then((code) => {
      const last = words.trim().split("\n").slice(-3).join("\n");
      throw new Error(`registry: ended with code ${code} before it listened: ${last}\nIs CNCF Distribution on PATH?`);
    }),
  ]);
  return { port, ended: running.ended, close: () => running.end() };
}
