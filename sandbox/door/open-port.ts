import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { PortTaken } from "../host/folder.ts";
import { makeDelayedServer } from "./delayed-server.ts";

/** A listening server. */
export interface OpenPort {
  port: number;
  /** Stops listening and cuts all connections. */
  close(): Promise<void>;
}

/**
 * Makes a server listen on 127.0.0.1, if asked behind a network with a round trip.
 * @param delay the round trip in milliseconds; 0: none
 * @throws PortTaken
 */
export async function openPort(server: HttpServer, port: number, delay: number): Promise<OpenPort> {
  const closeAllConnections = (): void => server.closeAllConnections();
  if (delay === 0) {
    await listen(server, port);
    return { port, close: () => close(server, closeAllConnections) };
  }
  const front = makeDelayedServer(delay, () => (server.address() as AddressInfo).port);
  await listen(server, 0);
  try {
    await listen(front.server, port);
  } catch (error) {
    await close(server, closeAllConnections);
    throw error;
  }
  return {
    port,
    async close() {
      await close(front.server, front.closeAllConnections);
      await close(server, closeAllConnections);
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "EADDRINUSE" ? new PortTaken(port, { cause: error }) : error;
  }
}

function close(server: Server, closeAllConnections: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    closeAllConnections();
  });
}
