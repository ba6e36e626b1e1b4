import { takeOption } from "./command-line.ts";

/** What a caller says of locks that other runs left. */
export interface LockOptions {
  /** `--lock-age`, in milliseconds: from this age on, a lock of another machine counts as left behind. Default 6 hours. */
  lockAge: number;
  /** `--break-lock`: removes every lock but those of living processes of this machine. Default false. */
  breakLock: boolean;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Takes `--lock-age 6h` and `--break-lock` out of a command line.
 * @returns the options, and all other arguments in their order
 * @throws Error with a message for people if the age is no number of minutes, hours or days
 */
export function takeLockOptions(args: readonly string[]): { options: LockOptions; rest: string[] } {
  // A job of GitHub's own machines ends after 6 hours at the latest.
  const { value = "6h", rest } = takeOption(args, ["--lock-age"]);
  const [, count = "", unit = ""] = /^([1-9]\d{0,4})([mhd])$/.exec(value) ?? [];
  if (count === "") {
    throw new Error(`--lock-age takes minutes, hours or days (90m, 6h, 2d), not "${value}".`);
  }
  return {
    options: { lockAge: Number(count) * (units[unit] ?? 0), breakLock: rest.includes("--break-lock") },
    rest: rest.filter((arg) => arg !== "--break-lock"),
  };
}
