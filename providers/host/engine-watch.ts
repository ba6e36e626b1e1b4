import { connect } from "node:net";
import { endAbandonedPlugins } from "./abandoned-plugins.ts";

/** How soon after a lost connection the engine is tried again, in milliseconds. */
const pause = 300;

/**
 * Ends this process when its engine is gone. A killed engine leaves the provider running, and a second run would then work on the same
 * release at the same time. The operating system closes the socket of a dead engine, so an open connection shows it at once. gRPC closes
 * idle connections after a while, so a closed one is only a reason to check again.
 * @param address "127.0.0.1:PORT", the host's first argument
 * @param end called then; default: also end the engine's other plugins, and exit with 1
 */
export function endWithEngine(
  address: string | undefined = process.argv[2],
  end: (address: string) => void = endAll,
): void {
  const [, host, port] = /^(.*):(\d+)$/.exec(address ?? "") ?? [];
  if (host === undefined || port === undefined) {
    return;
  }
  const watch = (): void => {
    let reached = false;
    const socket = connect(Number(port), host);
    socket.on("connect", () => (reached = true));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (!reached) {
        end(`${host}:${port}`);
      } else {
        setTimeout(watch, pause).unref();
      }
    });
    socket.unref();
    socket.resume();
  };
  watch();
}

function endAll(address: string): void {
  void endAbandonedPlugins(address).finally(() => process.exit(1));
}
