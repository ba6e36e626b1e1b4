import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";

type Answer = (error: Error | null, response?: RegisterResourceResponse) => void;

/** The engine in Pulumi's mocks, as far as it is replaced. */
interface Monitor {
  registerResource(request: RegisterResourceRequest, answer: Answer): unknown;
  registerErrorHook(hook: unknown, answer: (error: null, empty: object) => void): void;
  newUrn(parent: string, type: string, name: string): string;
}

/**
 * Has the engine in Pulumi's mocks skip what depends on a failed resource, and go on with everything else; the mocks stop at the first error.
 * Also gives it error hooks, which images have.
 * @param report gets the error of each resource that failed by itself
 * @returns the URNs of what failed or was skipped, so far
 */
export function continueOnError(report: (error: Error) => void): ReadonlySet<string> {
  const failed = new Set<string>();
  const monitor = getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerErrorHook = (_, answer) => answer(null, {});
  monitor.registerResource = (request, answer) => {
    const fail = (): void => {
      const urn = monitor.newUrn(request.getParent(), request.getType(), request.getName());
      failed.add(urn);
      // What it would have made stays unknown, so that nothing is computed from it.
      answer(null, new messages.RegisterResourceResponse().setUrn(urn).setUnknown(true));
    };
    if (request.getDependenciesList().some((urn) => failed.has(urn))) {
      return fail();
    }
    return register(request, (error, response) => {
      if (error === null) {
        return answer(null, response);
      }
      report(error);
      return fail();
    });
  };
  return failed;
}
