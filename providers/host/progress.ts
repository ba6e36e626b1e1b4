import { createRequire } from "node:module";
import type * as grpcJs from "@grpc/grpc-js";

/** Reports how far a step is. */
export interface Progress {
  /** A temporary line: shown next to the resource while it runs, on a terminal only. */
  at(text: string): void;
  /** A line that stays in the output. */
  done(text: string): void;
  /** A line that stays in the output, marked as a warning: something optional was left out. */
  warn(text: string): void;
}

/** Progress that is not shown. */
export const silent: Progress = { at() {}, done() {}, warn() {} };

/** Of pulumirpc.LogSeverity, where 0 is DEBUG. */
const info = 1;
const warning = 2;

interface EngineLog {
  log(request: unknown, callback: (error: unknown) => void): void;
}

let engine: { log: EngineLog; request: () => LogRequest } | undefined;

interface LogRequest {
  setSeverity(value: number): void;
  setMessage(text: string): void;
  setUrn(urn: string): void;
  setEphemeral(value: boolean): void;
}

/**
 * Reports progress on a resource's own row. The dynamic host has no way to do that, so this calls the engine directly:
 * its address is the host's first argument, and the generated client ships with @pulumi/pulumi.
 * @param urn the resource's; without it, or outside the host, the progress is silent
 */
export function reportToEngine(urn: string | undefined, address: string | undefined = process.argv[2]): Progress {
  if (!urn || !address || !/:\d+$/.test(address)) {
    return silent;
  }
  const send = (text: string, passing: boolean, severity = info): void => {
    engine ??= connect(address);
    const request = engine.request();
    request.setSeverity(severity);
    request.setMessage(text);
    request.setUrn(urn);
    request.setEphemeral(passing);
    // A lost line must not fail a release.
    engine.log.log(request, () => {});
  };
  return {
    at: (text) => send(text, true),
    done: (text) => send(text, false),
    warn: (text) => send(text, false, warning),
  };
}

function connect(address: string): { log: EngineLog; request: () => LogRequest } {
  const require = createRequire(import.meta.url);
  const pulumi = createRequire(require.resolve("@pulumi/pulumi"));
  const grpc = pulumi("@grpc/grpc-js") as typeof grpcJs;
  const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb.js") as {
    EngineClient: new (address: string, credentials: grpcJs.ChannelCredentials) => EngineLog;
  };
  const { LogRequest: Request } = require("@pulumi/pulumi/proto/engine_pb.js") as { LogRequest: new () => LogRequest };
  return { log: new EngineClient(address, grpc.credentials.createInsecure()), request: () => new Request() };
}
