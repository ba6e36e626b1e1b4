import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";

// Node finds no single names in code that the protobuf compiler wrote.
const { AboutRequest, GetRequiredPackagesRequest, PackRequest } = messages;
const script = fileURLToPath(new URL("../../../toolchain/plugins/language-host.mjs", import.meta.url));

/** Starts the host as the engine does, which keeps the other end of its standard input. */
async function start() {
  const host = execa(process.execPath, [script, "127.0.0.1:1"], { stdin: "pipe", reject: false });
  onTestFinished(() => void host.kill("SIGKILL"));
  const port = await new Promise<string>((resolve) => {
    host.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
  });
  const client = new LanguageRuntimeClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  onTestFinished(() => client.close());
  return { host, client };
}

describe("the language host, when the engine asks the language host", () => {
  it("names the Node that programs run on", async () => {
    const { client } = await start();
    const version = await new Promise((resolve, reject) => {
      client.about(new AboutRequest(), (error, answer) => (error ? reject(error) : resolve(answer.getVersion())));
    });
    expect(version).toBe(process.version);
  });

  it("asks for no plugin ahead", async () => {
    const { client } = await start();
    const list = await new Promise((resolve, reject) => {
      const request = new GetRequiredPackagesRequest();
      client.getRequiredPackages(request, (error, answer) =>
        error ? reject(error) : resolve(answer.getPackagesList()),
      );
    });
    expect(list).toEqual([]);
  });

  it("says of all else that it is not implemented", async () => {
    const { client } = await start();
    const code = await new Promise((resolve) => client.pack(new PackRequest(), (error) => resolve(error?.code)));
    expect(code).toBe(grpc.status.UNIMPLEMENTED);
  });
});

describe("the language host, when the engine is gone", () => {
  it("ends", async () => {
    const { host } = await start();
    host.stdin.end();
    expect((await host).exitCode).toBe(0);
  });
});
