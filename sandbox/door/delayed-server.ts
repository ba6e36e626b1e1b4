import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { connectDelayed } from "./delay-line.ts";

/**
 * Makes a TCP server in front of another one on this machine, as if a network with this round trip lay between them. Half of it passes
 * each way. The first bytes after a connect come one round trip later, because on a loopback address the handshake takes no time.
 * @param roundTrip in milliseconds
 * @param target port of the other server, asked for at each connection
 * @returns the server, which does not listen yet, and a function that cuts its connections
 */
export function makeDelayedServer(
  roundTrip: number,
  target: () => number,
): { server: Server; closeAllConnections: () => void } {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    return socket.setNoDelay();
  };
  const server = createServer({ allowHalfOpen: true }, (accepted) => {
    const outside = keep(accepted);
    const inside = keep(connect({ port: target(), host: "127.0.0.1", allowHalfOpen: true }));
    connectDelayed(outside, inside, roundTrip / 2, performance.now() + roundTrip);
    connectDelayed(inside, outside, roundTrip / 2);
  });
  return {
    server,
    closeAllConnections() {
      for (const socket of sockets) {
        socket.destroy();
      }
    },
  };
}
