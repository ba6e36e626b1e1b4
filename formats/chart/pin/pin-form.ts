/**
 * How a chart names an image in its values, by the name of the form:
 *
 * - `digest`: `sha256:…`, for charts that have a field for it
 * - `hex`: the same without `sha256:`; the field is mostly called `sha`
 * - `tag@digest`: `1.2.3@sha256:…`, for charts that have a field for the tag alone
 * - `ref`: `ghcr.io/acme/app@sha256:…`
 * - `repository`: `ghcr.io/acme/app`
 * - `tag`: `1.2.3`; it pins nothing, but people read it
 */
export const pinForms = ["digest", "hex", "tag@digest", "ref", "repository", "tag"] as const;

/** The name of a form. */
export type PinForm = (typeof pinForms)[number];

/** An image that a chart deploys. */
export interface PinnedImage {
  /** With its registry, without a tag. */
  repository: string;
  tag: string;
  /** `sha256:` and 64 hex digits. */
  digest: string;
}

/** The text that stands in the values of a chart for an image. */
export function writePin(form: PinForm, { repository, tag, digest }: PinnedImage): string {
  switch (form) {
    case "digest":
      return digest;
    case "hex":
      return digest.slice(digest.indexOf(":") + 1);
    case "tag@digest":
      return `${tag}@${digest}`;
    case "ref":
      return `${repository}@${digest}`;
    case "repository":
      return repository;
    case "tag":
      return tag;
  }
}
