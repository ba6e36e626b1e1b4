// What the programs of this folder share that Pulumi's engine starts. It is copied beside them, so it imports nothing of this
// project: the protocol comes from the program's own @pulumi/pulumi.
import { createRequire } from "node:module";
import { join } from "node:path";

/** @typedef {import("google-protobuf").Message} Message */

/** The engine's address, which it gives as the last argument. */
export const engineAddress = process.argv.at(-1) ?? "";

/**
 * Makes a `require` that resolves as a file inside @pulumi/pulumi does, so that it finds that package's own dependencies in
 * any layout of node_modules.
 *
 * @param {string} folder the folder of a program
 * @returns {NodeJS.Require | undefined} undefined: @pulumi/pulumi is not installed there
 */
export function programSdk(folder) {
  try {
    const found = createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/package.json");
    return createRequire(found);
  } catch {
    return undefined;
  }
}

/**
 * Says that a program's folder has no @pulumi/pulumi.
 *
 * @param {string} folder
 */
export function missingSdk(folder) {
  return `@pulumi/pulumi is not installed in ${folder} or above it. Run npm ci there.`;
}

/**
 * Returns programSdk() of the folder that the engine started this process in, or ends the process.
 *
 * @returns {NodeJS.Require}
 */
export function requireSdk() {
  const sdk = programSdk(process.cwd());
  if (sdk === undefined) {
    console.error(missingSdk(process.cwd()));
    process.exit(1);
  }
  return sdk;
}

/**
 * Answers the engine on a free port of loopback, and prints the port, which the engine reads from the first line.
 *
 * @param {NodeJS.Require} sdk
 * @param {object} served
 * @param {import("@grpc/grpc-js").ServiceDefinition} served.service
 * @param {Readonly<Record<string, (request: any) => Message | Promise<Message>>>} served.methods by the service's names. The
 *   message of an error becomes the engine's
 * @param {string} served.title what does not implement the service's other methods
 */
export function serve(sdk, { service, methods, title }) {
  /** @type {typeof import("@grpc/grpc-js")} */
  const grpc = sdk("@grpc/grpc-js");
  /** @type {(name: string) => import("@grpc/grpc-js").handleUnaryCall<Message, Message>} */
  const answering = (name) => {
    const method = methods[name];
    return async ({ request }, callback) => {
      if (method === undefined) {
        callback({ code: grpc.status.UNIMPLEMENTED, details: `${name} is not part of ${title}` });
        return;
      }
      try {
        callback(null, await method(request));
      } catch (error) {
        callback({ code: grpc.status.UNKNOWN, details: /** @type {Error} */ (error).message });
      }
    };
  };
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(service, Object.fromEntries(Object.keys(service).map((name) => [name, answering(name)])));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      throw error;
    }
    console.log(String(port));
  });
}

/**
 * Ends this process with the engine. It has the other end of standard input, which closes however it dies; a new parent is
 * the second sign.
 *
 * @param {() => void} endChildren called before
 */
export function endWithEngine(endChildren) {
  const parent = process.ppid;
  const end = () => {
    endChildren();
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
