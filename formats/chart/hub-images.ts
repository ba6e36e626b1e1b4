import { z } from "zod";
import { readHelmYaml } from "./helm/helm-yaml.ts";

const key = "artifacthub.io/images";

/** The images of a chart as Artifact Hub lists and scans them. Source: artifacthub.io/docs/topics/annotations/helm. */
const Images = z.array(z.object({ image: z.string().min(1) }));

/** What Chart.yaml says of the images that a chart deploys. */
export interface HubImages {
  /** References, such as `ghcr.io/acme/app:1.2.3`. None if there is no such annotation, or it cannot be read. */
  images: readonly string[];
  /** Why the annotation cannot be read; undefined if nothing is wrong. */
  unreadable: string | undefined;
}

/** An image that a chart names by its digest. */
export interface NamedImage {
  /** With its registry, without a tag. */
  repository: string;
  tag: string;
  /** Undefined if it is not known before the image is pushed. */
  digest: string | undefined;
}

/**
 * Reads the annotation `artifacthub.io/images` of Chart.yaml.
 * @param annotations of Chart.yaml
 */
export function readHubImages(annotations: Readonly<Record<string, string>>): HubImages {
  const written = Object.hasOwn(annotations, key) ? (annotations[key] ?? "") : "";
  if (written.trim() === "") {
    return { images: [], unreadable: undefined };
  }
  const yaml = readHelmYaml(written);
  if ("unreadable" in yaml) {
    return { images: [], unreadable: `${key} cannot be read as YAML: ${yaml.unreadable}` };
  }
  const { data } = Images.safeParse(yaml.value);
  return data === undefined
    ? { images: [], unreadable: `${key} is not a list of images, each with an \`image\`` }
    : { images: data.map(({ image }) => image), unreadable: undefined };
}

/**
 * Explains how a reference for Artifact Hub differs from the image that the chart deploys.
 * @param reference `REPOSITORY[:TAG][@DIGEST]`
 * @returns undefined if it is the same image, or one of another repository
 */
export function explainOtherImage(reference: string, { repository, tag, digest }: NamedImage): string | undefined {
  const [named = "", saidDigest] = reference.split("@", 2);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const saidTag = colon === -1 ? undefined : named.slice(colon + 1);
  if ((colon === -1 ? named : named.slice(0, colon)) !== repository) {
    return undefined;
  }
  if (saidTag !== undefined && saidTag !== tag) {
    return `the chart is released with ${tag}`;
  }
  if (saidDigest !== undefined && saidDigest !== digest) {
    return digest === undefined
      ? "the digest is known only when the image is pushed: leave it out here"
      : `the chart is released with ${digest}`;
  }
  return saidTag === undefined && saidDigest === undefined
    ? `it has no tag: the chart is released with ${tag}`
    : undefined;
}
