import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { once } from "node:events";

/** A program that runs as long as the sandbox does. */
export interface TiedProcess {
  /** Process id of the wrapping shell; also its process group. */
  pid: number;
  /** Resolves with the exit code once the program has ended, for whatever reason. */
  ended: Promise<number>;
  /** Ends it: SIGTERM, and SIGKILL to its process group after ten seconds. */
  end(): Promise<void>;
}

// The pipe on the shell's standard input closes when we die, even by SIGKILL: `cat` then ends, and the shell ends the
// program. Background jobs of a shell read from /dev/null, hence the copy as file descriptor 3.
const script = `exec 3<&0
"$@" </dev/null 3<&- &
child=$!
(cat <&3 >/dev/null; kill $child 2>/dev/null) &
watch=$!
exec 3<&-
wait $child
code=$?
kill $watch 2>/dev/null
exit $code`;

/** The program to run. */
export interface TiedProcessOptions {
  /** Program and arguments; the program is looked up on PATH. */
  command: readonly [string, ...string[]];
  /** File that gets both output streams, appended. */
  log: string;
  /** Also gets each piece of output. */
  onOutput?: (text: string) => void;
}

/**
 * Starts a program that cannot outlive this process: if Node is killed without a chance to clean up, the wrapper ends
 * the program. It runs in its own process group, so Ctrl-C reaches it only through `end`.
 */
export function startTiedProcess({ command, log, onOutput }: TiedProcessOptions): TiedProcess {
  const output = createWriteStream(log, { flags: "a" });
  const child = spawn("sh", ["-c", script, "sh", ...command], { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output.write(chunk);
      onOutput?.(chunk.toString("utf8"));
    });
  }
  child.stdin.on("error", () => undefined);
  const ended = once(child, "exit").then(([code]) => {
    output.end();
    return (code as number | null) ?? 1;
  });
  const pid = child.pid;
  if (pid === undefined) {
    throw new Error("sh: could not be started, is it on PATH?");
  }
  return {
    pid,
    ended,
    async end() {
      child.stdin.end();
      const timer = setTimeout(() => {
        try {
          process.kill(-pid, "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      }, 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}
