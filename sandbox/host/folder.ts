import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";

/** What a sandbox folder keeps permanently: chosen once, the same at every start. */
export interface SandboxIdentity {
  ports: { registry: number; web: number; sigstore: number };
  credentials: {
    /** Login that may push everywhere. */
    user: string;
    /** Its token: GitHub's API and, as at GitHub, the registry's password. */
    token: string;
    /** Signs the registry's upload session states. */
    secret: string;
  };
}

/** A sandbox folder held by this process. */
export interface HeldFolder extends SandboxIdentity {
  /** Absolute path. */
  path: string;
  /**
   * Opens a server on the kept port. If the port is new and another program was faster, others are
   * tried and kept. A port of an earlier start never changes, because image references and addresses contain it.
   */
  onPort<T>(server: keyof SandboxIdentity["ports"], open: (port: number) => Promise<T>): Promise<T>;
  /** Releases the folder for another process. */
  release(): Promise<void>;
}

/** Another program listens on the port. */
export class PortTaken extends Error {
  constructor(port: number, options?: ErrorOptions) {
    super(
      `127.0.0.1:${port} is in use by another program: end that one, or choose another port in ports.json`,
      options,
    );
  }
}

/** The default ports of a sandbox. */
const firstChoice: SandboxIdentity["ports"] = { registry: 5005, web: 8085, sigstore: 8086 };

/**
 * Locks a sandbox folder; creates ports and credentials the first time.
 * @param wished ports to use if they are free; 0: any
 * @throws if another process (or this one) runs a sandbox there; the message has its process id
 */
export async function holdFolder(folder: string, wished = firstChoice): Promise<HeldFolder> {
  const path = resolve(folder);
  await mkdir(path, { recursive: true });
  const release = await lock(path);
  try {
    const portsFile = join(path, "ports.json");
    const kept = await readPorts(portsFile);
    const ports = {
      registry: kept.registry ?? (await freePort(wished.registry)),
      web: kept.web ?? (await freePort(wished.web)),
      sigstore: kept.sigstore ?? (await freePort(wished.sigstore)),
    };
    const writePorts = () => writeWhole(portsFile, `${JSON.stringify(ports, undefined, 2)}\n`, 0o600);
    await writePorts();
    const credentials = await keep(join(path, "credentials.json"), async () => ({
      user: "maintainer",
      token: `sandbox_${randomBytes(20).toString("hex")}`,
      secret: randomBytes(20).toString("hex"),
    }));
    const onPort: HeldFolder["onPort"] = async (server, open) => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await open(ports[server]);
        } catch (error) {
          if (kept[server] !== undefined || tries === 5 || !(error instanceof PortTaken)) {
            throw error;
          }
          ports[server] = await freePort(0);
          await writePorts();
        }
      }
    };
    return { path, ports, credentials, onPort, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Removes a sandbox folder with everything in it.
 * @throws if a sandbox runs there
 */
export async function forgetFolder(folder: string): Promise<void> {
  const path = resolve(folder);
  if (!existsSync(path)) {
    return;
  }
  if (!existsSync(join(path, "ports.json")) && !existsSync(join(path, "journal.jsonl"))) {
    throw new Error(`${folder}: is not a sandbox folder (it has no ports.json), nothing was removed`);
  }
  const holder = await holderOf(path);
  if (holder !== undefined) {
    throw new Error(`${folder}: a sandbox runs here as process ${holder}. Stop it first (Ctrl-C, or kill ${holder})`);
  }
  await rm(path, { recursive: true, force: true });
}

/** Writes a file so that a reader sees the old or the new content, never a part. */
export async function writeWhole(file: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${randomBytes(6).toString("hex")}.new`;
  await writeFile(fresh, content, { mode });
  await rename(fresh, file);
}

async function keep<T>(file: string, make: () => Promise<T>): Promise<T> {
  if (existsSync(file)) {
    return JSON.parse(await readFile(file, "utf8")) as T;
  }
  const value = await make();
  await writeWhole(file, `${JSON.stringify(value, undefined, 2)}\n`, 0o600);
  return value;
}

/** Ports of earlier starts; a folder may be older than one of the servers. */
async function readPorts(file: string): Promise<Partial<SandboxIdentity["ports"]>> {
  return existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as Partial<SandboxIdentity["ports"]>) : {};
}

async function lock(path: string): Promise<() => Promise<void>> {
  const file = join(path, "pid");
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: "wx" });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw error;
      }
    }
    const holder = await holderOf(path);
    if (holder !== undefined) {
      throw new Error(
        `${path}: a sandbox already runs here, as process ${holder}. Use it, or stop it first (kill ${holder})`,
      );
    }
    await rm(file, { force: true });
  }
}

/** Process id of the living holder. */
async function holderOf(path: string): Promise<number | undefined> {
  const pid = Number(await readFile(join(path, "pid"), "utf8").catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 0) {
    return undefined;
  }
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? pid : undefined;
  }
}

async function freePort(wished: number): Promise<number> {
  return (await tryPort(wished)) ?? (await tryPort(0)) ?? Promise.reject(new Error("no free loopback port"));
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolvePort) => {
    const server = createServer();
    server.once("error", () => resolvePort(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolvePort(typeof address === "object" ? address?.port : undefined));
    });
  });
}
