// Pulumi's engine starts this as `pulumi-resource-command`, the plugin of the npm package @pulumi/command, if the official one
// cannot be downloaded. It makes command:local:Command and nothing else of that package, as the official one does. It is
// copied into the plugin's folder with the modules that it imports, so it imports nothing else of this project.
// Source: provider/pkg/provider/local of pulumi/pulumi-command, and proto/pulumi/provider.proto of pulumi/pulumi
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { checkInputs, commandType, inputKinds } from "./command-inputs.mjs";
import { endCommands, runCommand } from "./command-process.mjs";
import { endWithEngine, engineAddress, requireSdk, serve } from "./engine-plugin.mjs";
import { hasSecret, revealed, secret, secretTexts } from "./wire-values.mjs";

/** @typedef {Record<string, unknown>} Properties What the engine sends of a resource, with the marks of secrets. */

/** The version of @pulumi/command that this stands in for: the engine compares it with the one that a program asks for. */
const version = "1.2.1";

const sdk = requireSdk();
/** @type {typeof import("@grpc/grpc-js")} */
const grpc = sdk("@grpc/grpc-js");
/** @type {typeof import("@pulumi/pulumi/proto/provider_pb.js")} */
const messages = sdk("./proto/provider_pb.js");
/** @type {typeof import("@pulumi/pulumi/proto/plugin_pb.js")} */
const plugin = sdk("./proto/plugin_pb.js");
/** @type {typeof import("@pulumi/pulumi/proto/engine_pb.js")} */
const engineMessages = sdk("./proto/engine_pb.js");
const { EngineClient } = sdk("./proto/engine_grpc_pb.js");
const { ResourceProviderService } = sdk("./proto/provider_grpc_pb.js");
const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb.js");
/** @type {typeof import("google-protobuf/google/protobuf/struct_pb.js")} */
const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb.js");

/** @type {import("@pulumi/pulumi/proto/engine_grpc_pb.js").EngineClient} */
const engine = new EngineClient(engineAddress, grpc.credentials.createInsecure());

/** @type {Parameters<typeof serve>[1]["methods"]} */
const methods = {
  getPluginInfo: () => new plugin.PluginInfo().setVersion(version),
  // The program's side knows all types: the engine asks the plugin for its schema only to write other languages.
  getSchema: () => new messages.GetSchemaResponse().setSchema(JSON.stringify({ name: "command", version })),
  // Without `supportsPreview` the engine asks for no create and no update in a preview, so a preview runs nothing.
  configure: () => new messages.ConfigureResponse().setAcceptsecrets(true),
  check,
  diff,
  create,
  update,
  read,
  delete: remove,
  cancel: () => {
    endCommands("SIGTERM");
    return new Empty();
  },
};

serve(sdk, { service: ResourceProviderService, methods, title: "Lockstep's stand-in for the command plugin" });
endWithEngine(() => endCommands("SIGKILL"));

/** @param {import("@pulumi/pulumi/proto/provider_pb.js").CheckRequest} request */
function check(request) {
  requireCommand(request.getUrn());
  const { inputs, failures } = checkInputs(propertiesOf(request.getNews()));
  return new messages.CheckResponse()
    .setInputs(Struct.fromJavaScript(/** @type {any} */ (inputs)))
    .setFailuresList(
      failures.map(({ property, reason }) => new messages.CheckFailure().setProperty(property).setReason(reason)),
    );
}

/** @param {import("@pulumi/pulumi/proto/provider_pb.js").DiffRequest} request */
function diff(request) {
  requireCommand(request.getUrn());
  const olds = propertiesOf(request.getOldInputs());
  const news = propertiesOf(request.getNews());
  const changed = Object.keys(inputKinds).filter((name) => !isDeepStrictEqual(olds[name], news[name]));
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  return new messages.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList(changed.filter((name) => name === "triggers"));
}

/** @param {import("@pulumi/pulumi/proto/provider_pb.js").CreateRequest} request */
async function create(request) {
  const urn = requireCommand(request.getUrn());
  const inputs = propertiesOf(request.getProperties());
  const state = await stateAfter(urn, "create", inputs, {});
  const name = urn.split("::").slice(3).join("::");
  return new messages.CreateResponse()
    .setId(`${name}${randomBytes(4).toString("hex")}`)
    .setProperties(Struct.fromJavaScript(/** @type {any} */ (state)));
}

/** @param {import("@pulumi/pulumi/proto/provider_pb.js").UpdateRequest} request */
async function update(request) {
  const urn = requireCommand(request.getUrn());
  const inputs = propertiesOf(request.getNews());
  const which = inputs["update"] === undefined ? "create" : "update";
  const state = await stateAfter(urn, which, inputs, propertiesOf(request.getOlds()));
  return new messages.UpdateResponse().setProperties(Struct.fromJavaScript(/** @type {any} */ (state)));
}

/** @param {import("@pulumi/pulumi/proto/provider_pb.js").ReadRequest} request */
function read(request) {
  requireCommand(request.getUrn());
  return new messages.ReadResponse()
    .setId(request.getId())
    .setProperties(request.getProperties())
    .setInputs(request.getInputs());
}

/** @param {import("@pulumi/pulumi/proto/provider_pb.js").DeleteRequest} request */
async function remove(request) {
  const urn = requireCommand(request.getUrn());
  const state = propertiesOf(request.getProperties());
  await stateAfter(urn, "delete", state, state);
  return new Empty();
}

/**
 * Runs one command of a resource, if it has that one, and returns the resource's state afterwards.
 *
 * @param {string} urn
 * @param {"create" | "update" | "delete"} which
 * @param {Properties} inputs
 * @param {Properties} olds the state before
 * @returns {Promise<Properties>} what the command left behind is secret if anything in `inputs` is
 */
async function stateAfter(urn, which, inputs, olds) {
  const { archive, assets, stderr = "", stdout = "" } = olds;
  const command = revealed(inputs[which]);
  if (command === undefined) {
    return {
      ...inputs,
      stderr,
      stdout,
      ...(assets !== undefined && { assets }),
      ...(archive !== undefined && { archive }),
    };
  }
  const texts = secretTexts(inputs).sort((one, other) => other.length - one.length); // a secret may contain another
  const hidden = (/** @type {string} */ text) => texts.reduce((shown, one) => shown.replaceAll(one, "[secret]"), text);
  try {
    const left = await runCommand(command, revealed(inputs), revealed({ stderr, stdout }), (line) => {
      const message = new engineMessages.LogRequest().setSeverity(engineMessages.LogSeverity.INFO).setUrn(urn);
      engine.log(message.setMessage(hidden(line)).setEphemeral(true), () => {}); // nothing to do if the engine is gone
    });
    const marked = Object.entries(left).map(([name, value]) => [name, hasSecret(inputs) ? secret(value) : value]);
    return { ...inputs, ...Object.fromEntries(marked) };
  } catch (error) {
    throw new Error(hidden(/** @type {Error} */ (error).message), { cause: error });
  }
}

/**
 * Refuses a resource of another type, and returns its URN.
 *
 * @param {string} urn
 * @throws {Error} which type it is, and how to get it
 */
function requireCommand(urn) {
  const type = urn.split("::")[2]?.split("$").at(-1);
  if (type !== commandType) {
    throw new Error(
      `${type} is not part of Lockstep's stand-in for the command plugin: it makes ${commandType} only. ` +
        `Install the official plugin where its download host answers (pulumi plugin install resource command ${version} --reinstall).`,
    );
  }
  return urn;
}

/**
 * @param {import("google-protobuf/google/protobuf/struct_pb.js").Struct | undefined} struct
 * @returns {Properties}
 */
function propertiesOf(struct) {
  return struct?.toJavaScript() ?? {};
}
