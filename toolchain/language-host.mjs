// Pulumi's engine starts this as `pulumi-language-nodejs` to run a Node program. It answers the part of
// pulumirpc.LanguageRuntime (proto/pulumi/language.proto of pulumi/pulumi) that preview, up, refresh and destroy use.
// It is copied beside a CLI that was built from source, so it imports nothing of this project: the protocol comes from the
// program's own @pulumi/pulumi.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Exit code of @pulumi/pulumi/cmd/run when the program failed and has reported why. */
const alreadyReported = 32;

const engine = process.argv.at(-1) ?? "";
const sdk = sdkOf(process.cwd());
if (sdk === undefined) {
  console.error(`@pulumi/pulumi is not installed in ${process.cwd()} or above it. Run npm ci there.`);
  process.exit(1);
}
/** @typedef {import("@pulumi/pulumi/proto/language_pb.js").RunRequest} RunRequest */
/** @typedef {import("google-protobuf").Message} Message */
/** @type {typeof import("@grpc/grpc-js")} */
const grpc = sdk("@grpc/grpc-js");
/** @type {typeof import("@pulumi/pulumi/proto/language_pb.js")} */
const language = sdk("./proto/language_pb.js");
/** @type {typeof import("@pulumi/pulumi/proto/plugin_pb.js")} */
const plugin = sdk("./proto/plugin_pb.js");
const { LanguageRuntimeService } = sdk("./proto/language_grpc_pb.js");
const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb.js");

/** @type {Set<import("node:child_process").ChildProcess>} */
const programs = new Set();

/** @type {Record<string, (request: RunRequest) => Message | Promise<Message>>} */
const methods = {
  // The engine finds plugins by the version that each resource asks for. None is fetched before.
  getRequiredPackages: () => new language.GetRequiredPackagesResponse(),
  getRequiredPlugins: () => new language.GetRequiredPluginsResponse(),
  getPluginInfo: () => new plugin.PluginInfo().setVersion(sdk("./package.json").version),
  about: () => new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
  runtimeOptionsPrompts: () => new language.RuntimeOptionsResponse(),
  run,
  cancel: () => {
    for (const program of programs) {
      program.kill("SIGTERM");
    }
    return new Empty();
  },
};

const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(
  LanguageRuntimeService,
  Object.fromEntries(Object.keys(LanguageRuntimeService).map((name) => [name, answering(name)])),
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(String(port)); // the engine reads the port from the first line
});
endWithEngine();

/**
 * @param {string} name
 * @returns {import("@grpc/grpc-js").handleUnaryCall<RunRequest, Message>}
 */
function answering(name) {
  const method = methods[name];
  return async ({ request }, callback) => {
    if (method === undefined) {
      callback({ code: grpc.status.UNIMPLEMENTED, details: `${name} is not part of this language host` });
      return;
    }
    try {
      callback(null, await method(request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: /** @type {Error} */ (error).message });
    }
  };
}

/**
 * Runs the program to its end, as the engine's RunRequest says, and reports how it ended.
 *
 * @param {RunRequest} request
 */
async function run(request) {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() || request.getPwd();
  const programSdk = sdkOf(folder);
  if (programSdk === undefined) {
    return new language.RunResponse().setError(
      `@pulumi/pulumi is not installed in ${folder} or above it. Run npm ci there.`,
    );
  }
  const flags = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    "root-directory": info?.getRootDirectory(),
    parallel: request.getParallel(),
  };
  const args = Object.entries(flags).flatMap(([name, value]) => (value ? [`--${name}`, String(value)] : []));
  if (request.getDryrun()) {
    args.push("--dry-run");
  }
  args.push(info?.getEntryPoint() || request.getProgram() || ".", ...request.getArgsList());

  const options = info?.getOptions()?.toJavaScript() ?? {};
  const nodeArgs = String(options.nodeargs ?? "")
    .split(" ")
    .filter(Boolean);
  const env = {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript !== false),
  };
  const child = spawn("node", [...nodeArgs, programSdk.resolve("./cmd/run/index.js"), ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  programs.add(child);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (...how) => resolve(how));
  });
  programs.delete(child);
  if (code === 0) {
    return new language.RunResponse();
  }
  if (code === alreadyReported) {
    return new language.RunResponse().setBail(true);
  }
  return new language.RunResponse().setError(`The program ended with ${signal ?? `exit code ${code}`}.`);
}

/**
 * Makes a `require` that resolves as a file inside @pulumi/pulumi does, so that it finds that package's own dependencies in
 * any layout of node_modules.
 *
 * @param {string} folder
 */
function sdkOf(folder) {
  try {
    const found = createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/package.json");
    return createRequire(found);
  } catch {
    return undefined;
  }
}

/** Ends with the engine. It has the other end of standard input, which closes however it dies; a new parent is the second sign. */
function endWithEngine() {
  const parent = process.ppid;
  const end = () => {
    for (const program of programs) {
      program.kill("SIGKILL");
    }
    process.exit(0);
  };
  process.stdin.on("end", end).on("error", end).resume();
  setInterval(() => {
    if (process.ppid !== parent) {
      end();
    }
  }, 500);
  process.on("SIGINT", end).on("SIGTERM", end);
}
