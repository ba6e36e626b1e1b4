// Pulumi's engine starts this as `pulumi-language-nodejs` to run a Node program. It answers the part of
// pulumirpc.LanguageRuntime (proto/pulumi/language.proto of pulumi/pulumi) that preview, up, refresh and destroy use.
// It is copied beside a CLI that was built from source, with engine-plugin.mjs, so it imports nothing else of this project.
import { spawn } from "node:child_process";
import { endWithEngine, engineAddress, missingSdk, programSdk, requireSdk, serve } from "./engine-plugin.mjs";

/** Exit code of @pulumi/pulumi/cmd/run when the program failed and has reported why. */
const alreadyReported = 32;

const sdk = requireSdk();
/** @typedef {import("@pulumi/pulumi/proto/language_pb.js").RunRequest} RunRequest */
/** @type {typeof import("@pulumi/pulumi/proto/language_pb.js")} */
const language = sdk("./proto/language_pb.js");
/** @type {typeof import("@pulumi/pulumi/proto/plugin_pb.js")} */
const plugin = sdk("./proto/plugin_pb.js");
const { LanguageRuntimeService } = sdk("./proto/language_grpc_pb.js");
const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb.js");

/** @type {Set<import("node:child_process").ChildProcess>} */
const programs = new Set();

/** @type {Parameters<typeof serve>[1]["methods"]} */
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

serve(sdk, { service: LanguageRuntimeService, methods, title: "this language host" });
endWithEngine(() => {
  for (const program of programs) {
    program.kill("SIGKILL");
  }
});

/**
 * Runs the program to its end, as the engine's RunRequest says, and reports how it ended.
 *
 * @param {RunRequest} request
 */
async function run(request) {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() || request.getPwd();
  const own = programSdk(folder);
  if (own === undefined) {
    return new language.RunResponse().setError(missingSdk(folder));
  }
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
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
  const child = spawn("node", [...nodeArgs, own.resolve("./cmd/run/index.js"), ...args], {
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
