/**
 * Pulumi's SDK reports a failed resource a second time, as a rejected promise with a stack trace of its own code below. The resource's own
 * error has been reported by then, so the trace is removed. Errors of the program keep theirs.
 * Source: @pulumi/pulumi 3.270.0, runtime/resource.js ("failed to register") and cmd/run/run.js (its listener prints `stack`).
 */
export function withoutSecondTrace(): void {
  process.prependListener("unhandledRejection", (error) => {
    if (error instanceof Error && /\bfailed to register$/.test(error.message)) {
      error.stack = "";
    }
  });
}
