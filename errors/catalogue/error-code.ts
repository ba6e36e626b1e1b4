/**
 * The closed set of things that can go wrong. A code is stable: scripts may match on it, docs/errors.md has a section for each.
 */
export type ErrorCode =
  | "CONFIGURATION"
  | "ASSET_CONFLICT"
  | "BUILD_FAILED"
  | "BUILDER_UNREACHABLE"
  | "CREDENTIALS_MISSING"
  | "CREDENTIALS_REFUSED"
  | "DENIED"
  | "DIGEST_GONE"
  | "DRAFT_FOREIGN"
  | "GIT_TAG_CONFLICT"
  | "NOT_FOUND"
  | "PACKAGE_DIFFERS"
  | "RATE_LIMITED"
  | "RELEASE_CONFLICT"
  | "RELEASE_IMMUTABLE"
  | "REFUSED_BY_RULE"
  | "SERVER_FAULT"
  | "SIGNATURE_MISSING"
  | "SIGNING_FAILED"
  | "STACK_LOCKED"
  | "TAG_CONFLICT"
  | "UNEXPECTED"
  | "UNREACHABLE";
