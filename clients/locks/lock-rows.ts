import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { parseLock } from "../../formats/stack-lock.ts";
import type { LockStore } from "./lock-store.ts";

/** Milliseconds for a connection and for each answer. */
const limit = 30_000;

/**
 * The locks of a stack in Pulumi's PostgreSQL backend: a table of keys and JSON documents, `{"data": BASE64}`.
 * Source: pkg/backend/diy/postgres/bucket.go of Pulumi, and backend.go, which puts the path of the address before each key.
 * @param backend the value of PULUMI_BACKEND_URL: `postgres://user@host:5432/database?sslmode=require&table=pulumi_state`
 * @param folder of the stack's locks, `.pulumi/locks/organization/PROJECT/STACK`
 * @throws Error if Pulumi could not use the table's name
 */
export function lockRows(backend: string, folder: string): LockStore {
  const { addresses, table, path } = parseConnection(backend);
  const prefix = `${path}${folder}/`;
  return {
    list: () =>
      withConnection(addresses, async (client) => {
        // Before the first run there is no table.
        const { rows: tables } = await client.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [
          table,
        ]);
        if (!tables[0]?.there) {
          return [];
        }
        const { rows } = await client.query<Row>(
          `SELECT key, coalesce(data->>'data', '') AS data, updated_at FROM ${table} WHERE starts_with(key, $1) ORDER BY key`,
          [prefix],
        );
        return rows.map(({ key, data, updated_at }) => ({
          ...parseLock(key, Buffer.from(data, "base64").toString(), updated_at.getTime()),
          content: data,
        }));
      }),
    remove: ({ name, content }) =>
      withConnection(addresses, async (client) => {
        await client.query(`DELETE FROM ${table} WHERE key = $1 AND coalesce(data->>'data', '') = $2`, [name, content]);
      }),
  };
}

interface Row {
  key: string;
  data: string;
  updated_at: Date;
}

/**
 * Reads the settings of a connection. By default, Pulumi's driver (lib/pq) uses TLS without checking the certificate. Some of its modes
 * fall back to another; each address is one try.
 */
function parseConnection(backend: string): { addresses: string[]; table: string; path: string } {
  const url = new URL(backend);
  const table = url.searchParams.get("table") ?? "pulumi_state";
  if (!/^[a-z_][\w$]*$/i.test(table)) {
    throw new Error(`PULUMI_BACKEND_URL: "${table}" is not the name of a table that Pulumi can use.`);
  }
  url.searchParams.delete("table");
  const path = decodeURIComponent(url.pathname).replace(/^\/+/, "");
  const mode = url.searchParams.get("sslmode") ?? process.env["PGSSLMODE"] ?? "require";
  const roots = join(homedir(), ".postgresql", "root.crt");
  if (!url.searchParams.has("sslrootcert") && existsSync(roots)) {
    url.searchParams.set("sslrootcert", roots);
  }
  url.searchParams.set("uselibpqcompat", "true");
  const addresses = (fallbacks[mode] ?? [mode]).map((tried) => {
    url.searchParams.set("sslmode", tried);
    return url.href;
  });
  return { addresses, table, path: path === "" || path.endsWith("/") ? path : `${path}/` };
}

const fallbacks: Readonly<Record<string, readonly string[]>> = {
  prefer: ["require", "disable"],
  allow: ["disable", "require"],
};

async function withConnection<T>(addresses: readonly string[], work: (client: Client) => Promise<T>): Promise<T> {
  // Loaded here, so that only a state in PostgreSQL costs the time.
  const { default: pg } = await import("pg");
  const [connectionString, ...others] = addresses;
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: limit, query_timeout: limit });
  // A connection that breaks later is reported by the query that waits for it.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    if (others.length > 0) {
      return withConnection(others, work);
    }
    throw error;
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
