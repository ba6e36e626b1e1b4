import { execa } from "execa";

/**
 * Ends the other plugins of an engine that is gone. docker-build's notices nothing and would go on, or stay for good. A plugin is known by
 * its command line: `pulumi-resource-NAME ENGINE-ADDRESS`, and no two living engines have one address.
 * @param address of the engine that is gone, "127.0.0.1:PORT"
 */
export async function endAbandonedPlugins(address: string): Promise<void> {
  const { stdout } = await execa("ps", ["-axo", "pid=,command="], { reject: false });
  for (const line of stdout.split("\n")) {
    const [, pid, command = ""] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    if (!/pulumi-resource-\S+ /.test(command) || !command.endsWith(` ${address}`) || Number(pid) === process.pid) {
      continue;
    }
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
}
