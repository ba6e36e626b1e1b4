import { z } from "zod";

/** A lock of a stack: Pulumi keeps one for each run that writes, and removes it when the run ends. */
export interface StackLock {
  /** Its place in the backend: a path, a key or an address, without any password. Different for every run. */
  name: string;
  /** Number of the process that set it; 0 if Pulumi did not write the content as a lock. */
  pid: number;
  /** User of that process; empty as above. */
  username: string;
  /** Machine of that process, as the machine calls itself; empty as above. */
  hostname: string;
  /** When it was set, in milliseconds since 1970, by the clock of that machine. */
  takenAt: number;
  /** The content in the backend, byte for byte: a lock is removed only while it is unchanged. */
  content: string;
}

/** A name that is printed: no control characters, and none that change the direction of text. */
const Printed = z.string().regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u);

/** Source: `lockContent` in pkg/backend/diy/lock.go of Pulumi. It names no run, and nothing renews it. */
const LockContent = z.object({
  pid: z.int().positive(),
  username: Printed,
  hostname: Printed,
  timestamp: z.string().transform((text, context) => {
    const at = Date.parse(text);
    if (Number.isNaN(at)) {
      context.addIssue("must be a time");
    }
    return at;
  }),
});

/**
 * Names the folder of a stack's locks in a self-managed backend (file, bucket, database): `.pulumi/locks/organization/lockstep/prod`.
 * @param stack as `--stack` accepts it: `prod`, `organization/prod` or `organization/lockstep/prod`
 * @param project `name` of Pulumi.yaml; used if the stack does not name one
 */
export function lockFolder(stack: string, project: string): string {
  const parts = stack.split("/");
  return [".pulumi/locks/organization", parts.length > 2 ? parts[1] : project, parts.at(-1)].join("/");
}

/**
 * Reads a lock. Content that is not a lock (a write that was cut off) still locks the stack; its holder is then unknown.
 * @param content as the backend has it
 * @param writtenAt when the backend got it, in milliseconds since 1970; used as the time if the content is not a lock
 */
export function parseLock(name: string, content: string, writtenAt: number): StackLock {
  const read = LockContent.safeParse(tryParseJson(content));
  if (!read.success) {
    return { name, pid: 0, username: "", hostname: "", takenAt: writtenAt, content };
  }
  const { timestamp, ...holder } = read.data;
  return { name, ...holder, takenAt: timestamp, content };
}

/**
 * Reads the locks that Pulumi names when it refuses to work on a stack: "the stack is currently locked by 2 lock(s)…", one line for each.
 * @param words what Pulumi wrote
 * @returns none if it refused for another reason; undefined if not every lock that it counts could be read
 */
export function refusingLocks(words: string): StackLock[] | undefined {
  const count = /currently locked by (\d+) lock\(s\)/.exec(words)?.[1];
  if (count === undefined) {
    return [];
  }
  const lines = words.matchAll(/^\s+(\S+): created by (.*)@([^@]*) \(pid (\d+)\) at (\S+)$/gm);
  const locks = [...lines].map(([content, name = "", username = "", hostname = "", pid = "", timestamp = ""]) => {
    const json = JSON.stringify({ pid: Number(pid), username, hostname, timestamp });
    return { ...parseLock(name, json, 0), content };
  });
  return locks.length === Number(count) && locks.every(({ pid }) => pid > 0) ? locks : undefined;
}

function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
