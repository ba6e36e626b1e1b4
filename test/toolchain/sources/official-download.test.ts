import { mkdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { downloadElseBuild } from "../../../toolchain/sources/official-download.mjs";
import { ToolError } from "../../../toolchain/machine/tool-error.mjs";
import { makeUpJob, makeUpMachine } from "../made-up-machine.ts";

interface Given {
  host: "answers" | "refuses" | "cannot be reached";
  download: "works" | "fails";
  build: "works" | "fails";
}

async function run(given: Given): Promise<{ did: string[]; result: string }> {
  const machine = await makeUpMachine(() => {
    if (given.host === "cannot be reached") {
      throw new TypeError("fetch failed");
    }
    return given.host === "answers";
  });
  const did: string[] = [];
  const step = (name: "download" | "build") => async () => {
    did.push(name);
    if (given[name] === "fails") {
      throw new ToolError(`${name} went wrong`);
    }
    return "built";
  };
  const ways = {
    url: "https://downloads.example/tool.tar.gz",
    folder: machine.folder,
    download: async () => void (await step("download")()),
    build: step("build"),
  };
  await mkdir(machine.folder, { recursive: true });
  const result = await downloadElseBuild(makeUpJob(machine), ways).catch((error: Error) => error.message);
  return { did: [...machine.asked.map((asked) => asked.split(" ")[0] ?? ""), ...did], result };
}

describe("officialDownload, when a tool can be had in two ways", () => {
  it.each<[Given, string[], string]>([
    [{ host: "answers", download: "works", build: "works" }, ["HEAD", "download"], "official download"],
    [{ host: "refuses", download: "works", build: "works" }, ["HEAD", "build"], "built"],
    [{ host: "cannot be reached", download: "works", build: "works" }, ["HEAD", "build"], "built"],
    [{ host: "answers", download: "fails", build: "works" }, ["HEAD", "download", "build"], "built"],
    [{ host: "refuses", download: "works", build: "fails" }, ["HEAD", "build"], "build went wrong"],
    [
      { host: "answers", download: "fails", build: "fails" },
      ["HEAD", "download", "build"],
      "official download: download went wrong\nbuild from source: build went wrong",
    ],
  ])("%j: does %j and says %j", async (given, did, result) => {
    expect(await run(given)).toEqual({ did, result });
  });
});

describe("officialDownload, when the set-up is given up during a download", () => {
  it("does not go on to build", async () => {
    const machine = await makeUpMachine(() => true);
    const givenUp = new AbortController();
    const download = async () => {
      givenUp.abort();
      throw new ToolError("ended");
    };
    const build = async () => "built";
    const ways = { url: "https://downloads.example/", folder: machine.folder, download, build };
    await expect(downloadElseBuild(makeUpJob(machine, givenUp.signal), ways)).rejects.toThrow("aborted");
  });
});
