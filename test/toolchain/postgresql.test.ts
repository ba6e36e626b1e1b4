import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { postgresqlIn, serverProgram } from "../../toolchain/tools/postgresql.mjs";
import { makeUpJob, makeUpMachine } from "./made-up-machine.ts";
import type { MadeUpMachine } from "./made-up-machine.ts";

/** A machine without any server of its own, and the folder that stands for Debian's. */
async function withoutServer(): Promise<{ machine: MadeUpMachine; versions: string }> {
  const machine = await makeUpMachine();
  machine.env.PATH = join(machine.folder, "bin");
  return { machine, versions: join(machine.folder, "versions") };
}

async function addVersion(versions: string, version: string): Promise<void> {
  for (const name of ["postgres", "initdb"]) {
    const file = join(versions, version, "bin", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, "#!/bin/sh\n");
    await chmod(file, 0o755);
  }
}

describe("postgresql", () => {
  it("takes the newest of Debian's versions, by number", async () => {
    const { machine, versions } = await withoutServer();
    for (const version of ["9", "15", "17"]) {
      await addVersion(versions, version);
    }
    expect(serverProgram(machine, "initdb", versions)).toBe(join(versions, "17/bin/initdb"));
    expect(postgresqlIn(versions).found(machine)).toBe("the system's");
  });

  it("takes what is on PATH first", async () => {
    const { machine, versions } = await withoutServer();
    await addVersion(versions, "15");
    await machine.addProgram("initdb", "exit 0");
    expect(serverProgram(machine, "initdb", versions)).toBe(join(machine.folder, "bin/initdb"));
  });

  it("does not take a client alone for a server", async () => {
    const { machine, versions } = await withoutServer();
    await machine.addProgram("psql", "exit 0");
    expect(postgresqlIn(versions).found(machine)).toBeUndefined();
  });
});

describe("postgresql, when PostgreSQL is missing", () => {
  it("installs the Debian package as root", async () => {
    const { machine, versions } = await withoutServer();
    machine.root = true;
    await machine.addProgram("apt-get", '[ "$1 $6" = "install postgresql" ]');
    expect(await postgresqlIn(versions).install(makeUpJob(machine))).toBe("Debian package");
  });

  it("says what to install to a user who is not root", async () => {
    const { machine, versions } = await withoutServer();
    await machine.addProgram("apt-get", "exit 0");
    await expect(postgresqlIn(versions).install(makeUpJob(machine))).rejects.toMatchObject({
      bearable: true,
      message: expect.stringContaining("sudo apt-get install postgresql"),
    });
  });
});
