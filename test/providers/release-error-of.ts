import { ReleaseError } from "../../errors/release-error.ts";
import { failure } from "../clients/failure.ts";

/** The ReleaseError that a promise was rejected with. */
export function releaseErrorOf(promise: Promise<unknown>): Promise<ReleaseError> {
  return failure<ReleaseError>(ReleaseError, promise);
}
