import { z } from "zod";
import { ociRepository } from "../formats/artifact/oci-names.ts";

/** A name of a unit or an artifact: it becomes part of resource names, places in notes and records, so it never changes between versions. */
export const Name = z
  .string()
  .regex(/^[a-z0-9]+([._-][a-z0-9]+)*$/, {
    error: "must be lower-case letters and digits, joined by single `-`, `_` or `.`",
  })
  .max(64, { error: "must be at most 64 characters" })
  .meta({ example: "app" });

/** `owner/name` of the GitHub repository that gets the git tag and the Release. */
export const GitHubRepository = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[A-Za-z0-9._-]+$/, {
    error: "must be `owner/name` of a GitHub repository",
  })
  .meta({ example: "acme/widgets" });

/** An OCI repository with its registry and without tag or digest: `ghcr.io/acme/app`. */
export const OciRepository = z
  .string()
  // Docker's limit. It comes first: the grammar takes seconds for a text of 100,000 characters.
  .max(255, { error: "must be at most 255 characters", abort: true })
  .superRefine((value, context) => {
    const say = (message: string) => context.addIssue({ code: "custom", message });
    if (value.includes("@") || /:[^/]*$/.test(value.replace(/^[^/]+/, ""))) {
      say("must not have a tag or a digest: the version is the tag");
    } else if (/[A-Z]/.test(value.replace(/^[^/]+/, ""))) {
      say("must be lower case after the registry");
    } else if (!/^(?:[^/]*[.:][^/]*|localhost)\//.test(value)) {
      say("has no registry in front");
    } else if (!ociRepository.test(value)) {
      say("is no OCI repository name");
    }
  })
  .meta({ example: "ghcr.io/acme/app" });

/** A path below the workspace, with `/`: absolute paths and `..` would make a release depend on one machine. */
export const WorkspacePath = z
  .string()
  .min(1, { error: "must not be empty" })
  .refine((path) => !path.startsWith("/") && !/(^|\/)\.\.(\/|$)/.test(path), {
    error: "must be a path below the workspace, without a leading `/` and without `..`",
  })
  .meta({ example: "deploy/install.yaml" });
