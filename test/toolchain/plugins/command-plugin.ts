import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type {
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  ReadResponse,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { execa } from "execa";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

const script = fileURLToPath(new URL("../../../toolchain/plugins/command-provider.mjs", import.meta.url));

type Properties = Record<string, unknown>;

/** The stand-in of the command plugin in a process of its own, asked as the engine asks it. */
export interface CommandPlugin {
  /** The lines that it sent to the engine while commands ran. */
  logged: string[];
  version(): Promise<string>;
  acceptsPreviews(): Promise<boolean>;
  check(inputs: Properties, type?: string): Promise<{ inputs: Properties; failures: [string, string][] }>;
  diff(olds: Properties, news: Properties): Promise<{ changes: boolean; diffs: string[]; replaces: string[] }>;
  create(inputs: Properties): Promise<{ id: string; state: Properties }>;
  update(olds: Properties, inputs: Properties): Promise<Properties>;
  read(state: Properties, inputs: Properties): Promise<{ id: string; state: Properties; inputs: Properties }>;
  delete(state: Properties): Promise<void>;
  cancel(): Promise<void>;
  /** Asks for something that only the official plugin does. */
  invoke(): Promise<void>;
  /** Closes its standard input, as an engine that dies does, and returns its exit code. */
  closeInput(): Promise<number | undefined>;
  end(): Promise<void>;
}

/** The URN of a resource of that type; its name has colons, as names may. */
function urnOf(type: string): string {
  return `urn:pulumi:stack::project::${type}::a::name`;
}

const urn = urnOf("lockstep:Parent$command:local:Command");
const struct = (properties: Properties) =>
  structs.Struct.fromJavaScript(properties as Parameters<typeof structs.Struct.fromJavaScript>[0]);
const plain = (properties: Struct | undefined): Properties => properties?.toJavaScript() ?? {};

/** Starts the stand-in, and a double of the engine's log. `end` ends both. */
export async function startCommandPlugin(): Promise<CommandPlugin> {
  const logged: string[] = [];
  const engine = new grpc.Server();
  engine.addService(EngineService as unknown as grpc.ServiceDefinition, {
    log({ request }: { request: LogRequest }, callback: grpc.sendUnaryData<unknown>) {
      logged.push(request.getMessage());
      callback(null, new empty.Empty());
    },
  });
  const enginePort = await new Promise<number>((resolve, reject) => {
    engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const plugin = execa(process.execPath, [script, `127.0.0.1:${enginePort}`], { stdin: "pipe", reject: false });
  const port = await new Promise<string>((resolve) => {
    plugin.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
  });
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return {
    ...askingOf(client),
    logged,
    async closeInput() {
      plugin.stdin.end();
      return (await plugin).exitCode;
    },
    async end() {
      client.close();
      plugin.kill("SIGKILL");
      await plugin;
      engine.forceShutdown();
    },
  };
}

/** Sends one request, and fails with the words that the engine would print. */
function ask<Answer>(
  send: (callback: (error: grpc.ServiceError | null, answer: Answer) => void) => unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    send((error, answer) => (error ? reject(new Error(error.details)) : resolve(answer)));
  });
}

function askingOf(client: ResourceProviderClient): Omit<CommandPlugin, "logged" | "closeInput" | "end"> {
  return {
    async version() {
      const info = await ask<PluginInfo>((done) => client.getPluginInfo(new empty.Empty(), done));
      return info.getVersion();
    },
    async acceptsPreviews() {
      const answer = await ask<ConfigureResponse>((done) => client.configure(new messages.ConfigureRequest(), done));
      return answer.getSupportspreview();
    },
    async check(inputs, type) {
      const request = new messages.CheckRequest()
        .setUrn(type === undefined ? urn : urnOf(type))
        .setNews(struct(inputs));
      const answer = await ask<CheckResponse>((done) => client.check(request, done));
      const failures = answer.getFailuresList().map((one): [string, string] => [one.getProperty(), one.getReason()]);
      return { inputs: plain(answer.getInputs()), failures };
    },
    async diff(olds, news) {
      const request = new messages.DiffRequest().setUrn(urn).setOldInputs(struct(olds)).setNews(struct(news));
      const answer = await ask<DiffResponse>((done) => client.diff(request, done));
      const changes = answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME;
      return { changes, diffs: answer.getDiffsList(), replaces: answer.getReplacesList() };
    },
    async create(inputs) {
      const request = new messages.CreateRequest().setUrn(urn).setProperties(struct(inputs));
      const answer = await ask<CreateResponse>((done) => client.create(request, done));
      return { id: answer.getId(), state: plain(answer.getProperties()) };
    },
    async update(olds, inputs) {
      const request = new messages.UpdateRequest().setUrn(urn).setOlds(struct(olds)).setNews(struct(inputs));
      return plain((await ask<UpdateResponse>((done) => client.update(request, done))).getProperties());
    },
    async read(state, inputs) {
      const request = new messages.ReadRequest().setUrn(urn).setId("id").setProperties(struct(state));
      const answer = await ask<ReadResponse>((done) => client.read(request.setInputs(struct(inputs)), done));
      return { id: answer.getId(), state: plain(answer.getProperties()), inputs: plain(answer.getInputs()) };
    },
    async delete(state) {
      const request = new messages.DeleteRequest().setUrn(urn).setProperties(struct(state));
      await ask((done) => client.delete(request, done));
    },
    async cancel() {
      await ask((done) => client.cancel(new empty.Empty(), done));
    },
    async invoke() {
      await ask((done) => client.invoke(new messages.InvokeRequest().setTok("command:local:run"), done));
    },
  };
}
