import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockRows } from "../../../clients/locks/lock-rows.ts";
import { freeStack } from "../../../commands/stack/stack-locks.ts";
import type { FixedRules } from "../../../commands/stack/stack-locks.ts";
import { startPostgres } from "../../support/postgres.ts";
import type { Postgres } from "../../support/postgres.ts";

const hour = 3_600_000;
const folder = ".pulumi/locks/organization/lockstep/a_b";
const rules: FixedRules = {
  host: "here",
  hostIsOurs: true,
  privateSince: undefined,
  lockAge: 6 * hour,
  breakLock: false,
};

let postgres: Postgres;
let database: string;
beforeAll(async () => {
  postgres = await startPostgres();
  database = await postgres.database("state");
});
afterAll(() => postgres.end());

let tables = 0;

/** The address of a table with locks, by their keys without the path of the address: each of ada@server, so many milliseconds old. */
async function tableWith(ages: Record<string, number>, table = `locks_${tables++}`): Promise<string> {
  const url = `${database}&table=${table}`;
  await postgres.query(
    url,
    `CREATE TABLE ${table} (key TEXT PRIMARY KEY, data JSON NOT NULL, updated_at TIMESTAMPTZ NOT NULL DEFAULT now())`,
  );
  for (const [key, age] of Object.entries(ages)) {
    const timestamp = new Date(Date.now() - age).toISOString();
    const lock = JSON.stringify({ pid: 1, username: "ada", hostname: "server", timestamp });
    await insert(url, key, { data: Buffer.from(lock).toString("base64") });
  }
  return url;
}

async function insert(url: string, key: string, document: object): Promise<void> {
  await postgres.query(url, `INSERT INTO ${tableOf(url)} (key, data) VALUES ($1, $2)`, [
    `state/${key}`,
    JSON.stringify(document),
  ]);
}

async function keys(url: string): Promise<string[]> {
  const rows = await postgres.query<{ key: string }>(url, `SELECT key FROM ${tableOf(url)} ORDER BY key`);
  return rows.map(({ key }) => key.slice("state/".length));
}

function tableOf(url: string): string {
  return new URL(url).searchParams.get("table") ?? "";
}

describe("lockRows, when the locks of a stack in a database are listed", () => {
  it("other stacks' are not among them, though `_` stands for any character in a pattern", async () => {
    const url = await tableWith({
      [`${folder}/1.json`]: hour,
      [`${folder.replace("a_b", "axb")}/2.json`]: hour,
      [`${folder}c/3.json`]: hour,
      ".pulumi/stacks/lockstep/a_b.json": hour,
    });
    expect(await lockRows(url, folder).list()).toMatchObject([
      { name: expect.stringMatching(/\/a_b\/1\.json$/), pid: 1, username: "ada", hostname: "server" },
    ]);
  });

  it("a database without a table has none", async () => {
    expect(await lockRows(`${database}&table=none`, folder).list()).toEqual([]);
  });

  it.each([
    ["pulumi_state unless the address says another", "pulumi_state", ""],
    ["found whatever its capitals, as Pulumi does it", "Other", "&table=Other"],
  ])("the table is %s", async (_, table, suffix) => {
    await tableWith({ [`${folder}/1.json`]: hour }, table);
    expect(await lockRows(`${database}${suffix}`, folder).list()).toHaveLength(1);
  });

  it("content that is no lock is one of an unknown run", async () => {
    const url = await tableWith({});
    await insert(url, `${folder}/1.json`, {});
    expect(await lockRows(url, folder).list()).toMatchObject([{ pid: 0, takenAt: expect.closeTo(Date.now(), -5) }]);
  });

  it.each(["a;b", "a b", '"a"', "a.b", "1a"])("a table `%s` is refused", (table) => {
    const url = `postgres://lockstep@127.0.0.1:1/x?table=${encodeURIComponent(table)}`;
    expect(() => lockRows(url, folder)).toThrow("is not the name of a table");
  });

  it("a server without TLS is taken only by modes that allow it", async () => {
    const url = await tableWith({ [`${folder}/1.json`]: hour });
    for (const mode of ["disable", "allow", "prefer"]) {
      expect(await lockRows(url.replace("disable", mode), folder).list(), mode).toHaveLength(1);
    }
    for (const address of [url.replace("disable", "require"), url.replace("sslmode=disable", "")]) {
      await expect(lockRows(address, folder).list(), address).rejects.toThrow("SSL");
    }
  });
});

describe("lockRows, when a lock is removed from a database", () => {
  it("only that row goes", async () => {
    const url = await tableWith({ [`${folder}/1.json`]: hour, [`${folder}/2.json`]: hour });
    const store = lockRows(url, folder);
    const [first] = await store.list();
    await store.remove(first!);
    expect(await keys(url)).toEqual([`${folder}/2.json`]);
    await store.remove(first!);
    expect(await keys(url)).toEqual([`${folder}/2.json`]);
  });

  it("another content by now stays", async () => {
    const url = await tableWith({ [`${folder}/1.json`]: hour });
    const store = lockRows(url, folder);
    const [lock] = await store.list();
    await postgres.query(url, `UPDATE ${tableOf(url)} SET data = '{"data":"e30="}'`);
    await store.remove(lock!);
    expect(await keys(url)).toEqual([`${folder}/1.json`]);
  });
});

describe("lockRows, when a run of another machine holds a stack in a database", () => {
  it("a young lock is kept, and the holder is named", async () => {
    const url = await tableWith({ [`${folder}/1.json`]: 5.9 * hour });
    await expect(freeStack("a_b", lockRows(url, folder), rules)).rejects.toThrow("ada@server (process 1) has it since");
    expect(await keys(url)).toEqual([`${folder}/1.json`]);
  });

  it.each([
    ["an old one is removed", 6.1 * hour, rules],
    ["a young one is removed if locks are to be broken", hour, { ...rules, breakLock: true }],
  ])("%s", async (_, age, its) => {
    const other = `${folder.replace("a_b", "axb")}/2.json`;
    const url = await tableWith({ [`${folder}/1.json`]: age, [other]: age });
    await freeStack("a_b", lockRows(url, folder), its);
    expect(await keys(url)).toEqual([other]);
  });
});

describe("lockRows, when the database does not answer", () => {
  it("says so as of any server, without the password", async () => {
    const url = "postgres://lockstep:hidden-word@127.0.0.1:1/x?sslmode=disable";
    const run = freeStack("a_b", lockRows(url, folder), rules);
    await expect(run).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: expect.not.stringContaining("hidden-word"),
    });
  });
});
