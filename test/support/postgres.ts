import { chown, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Client } from "pg";
import type { QueryResultRow } from "pg";
import { thisMachine } from "../../toolchain/machine/machine.mjs";
import { serverProgram } from "../../toolchain/tools/postgresql.mjs";

/** A PostgreSQL server of a test's own, on loopback. */
export interface Postgres {
  /** Of a new, empty database: `postgres://lockstep@127.0.0.1:PORT/NAME?sslmode=disable`. */
  database(name: string): Promise<string>;
  /** Runs one statement. */
  query<R extends QueryResultRow>(url: string, text: string, values?: unknown[]): Promise<R[]>;
  /** Ends the server and removes its files. */
  end(): Promise<void>;
}

/** Starts an empty server in a temporary folder: as `nobody` if this user is root, whom PostgreSQL refuses. */
export async function startPostgres(): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-postgres-"));
  const data = join(folder, "data");
  const user = process.getuid?.() === 0 ? await nobody() : undefined;
  if (user !== undefined) {
    await chown(folder, user.uid, user.gid);
  }
  const options = { ...user, cwd: folder, env: { LC_ALL: "C" } };
  await execa(
    program("initdb"),
    ["-D", data, "-U", "lockstep", "--auth=trust", "--encoding=UTF8", "--no-sync"],
    options,
  );
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"].flatMap((each) => [
    "-c",
    each,
  ]);
  const server = execa(program("postgres"), ["-D", data, "-p", String(port), ...settings], {
    ...options,
    reject: false,
  });
  await new Promise<void>((resolve, reject) => {
    server.stderr.on("data", (text: Buffer) => {
      if (String(text).includes("ready to accept connections")) {
        resolve();
      }
    });
    void server.then(({ stderr }) => reject(new Error(`PostgreSQL did not start: ${stderr}`)));
  });

  const query: Postgres["query"] = async (url, text, values) => {
    const client = new Client(url);
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  };
  const address = (name: string): string => `postgres://lockstep@127.0.0.1:${port}/${name}?sslmode=disable`;
  return {
    query,
    async database(name) {
      await query(address("postgres"), `CREATE DATABASE ${name}`);
      return address(name);
    },
    async end() {
      // "Fast": ends without waiting for its clients.
      server.kill("SIGINT");
      await server;
      await rm(folder, { recursive: true });
    },
  };
}

function program(name: string): string {
  const found = serverProgram(thisMachine(), name);
  if (found === undefined) {
    throw new Error(`PostgreSQL's ${name} is missing: node toolchain/run.mjs --for-tests`);
  }
  return found;
}

async function nobody(): Promise<{ uid: number; gid: number }> {
  const id = async (flag: string): Promise<number> => Number((await execa("id", [flag, "nobody"])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
