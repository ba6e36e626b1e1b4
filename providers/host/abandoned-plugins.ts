import { execa } from "execa";

/**
 * Ends the other plugins of an engine that is gone. docker-build's plugin does not notice and would continue, or stay forever. A plugin is
 * identified by its command line, `pulumi-resource-NAME ENGINE-ADDRESS`; no two living engines have the same address.
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
      // It has ended by itself.
    }
  }
}
