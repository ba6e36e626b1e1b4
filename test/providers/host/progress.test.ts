import { createRequire } from "node:module";
import type * as grpcJs from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportToEngine, silent } from "../../../providers/host/progress.ts";

const require = createRequire(import.meta.url);
const grpc = createRequire(require.resolve("@pulumi/pulumi"))("@grpc/grpc-js") as typeof grpcJs;
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb.js") as {
  EngineService: grpcJs.ServiceDefinition;
};
const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js") as { Empty: new () => object };

interface LogLine {
  getUrn(): string;
  getMessage(): string;
  getEphemeral(): boolean;
  getSeverity(): number;
}

const lines: object[] = [];
const server = new grpc.Server();
let address: string;

beforeAll(async () => {
  const unimplemented = (_: unknown, done: (error: Error) => void): void => done(new Error("not here"));
  const others = Object.fromEntries(Object.keys(EngineService).map((name) => [name, unimplemented]));
  server.addService(EngineService, {
    ...others,
    log({ request }: { request: LogLine }, done: (error: null, answer: object) => void) {
      const [urn, text, passing, severity] = [
        request.getUrn(),
        request.getMessage(),
        request.getEphemeral(),
        request.getSeverity(),
      ];
      lines.push({ urn, text, passing, severity });
      done(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  address = `127.0.0.1:${port}`;
});
afterAll(() => server.forceShutdown());

describe("engineProgress, when progress has nowhere to go", () => {
  it.each([
    ["without a resource", undefined, "127.0.0.1:1"],
    ["with an empty resource", "", "127.0.0.1:1"],
    ["without an engine", "urn:x", ""],
    ["with an argument that is no address", "urn:x", "up"],
  ])("is silent: %s", (_, urn, engine) => {
    expect(reportToEngine(urn, engine)).toBe(silent);
  });
});

describe("engineProgress, when an engine listens", () => {
  it("shows a passing line on the resource's row", async () => {
    reportToEngine("urn:passing", address).at("half");
    await expect.poll(() => lines).toContainEqual({ urn: "urn:passing", text: "half", passing: true, severity: 1 });
  });
  it("leaves a lasting line on the resource's row", async () => {
    reportToEngine("urn:lasting", address).done("all");
    await expect.poll(() => lines).toContainEqual({ urn: "urn:lasting", text: "all", passing: false, severity: 1 });
  });
  it("leaves a warning on the resource's row", async () => {
    reportToEngine("urn:warned", address).warn("without");
    await expect.poll(() => lines).toContainEqual({ urn: "urn:warned", text: "without", passing: false, severity: 2 });
  });
  it("does not fail where the engine is gone", async () => {
    server.forceShutdown();
    expect(() => reportToEngine("urn:gone", address).done("all")).not.toThrow();
  });
});
