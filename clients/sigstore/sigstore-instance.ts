import { readFile } from "node:fs/promises";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { initTUF } from "@sigstore/tuf";
import type { TUF } from "@sigstore/tuf";
import { z } from "zod";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";

/** The services that make a signature. */
export interface SigningServices {
  fulcio: string;
  rekor: { url: string; majorApiVersion: number };
  /** Address of the timestamp authority; undefined if the instance has none. */
  timestamps: string | undefined;
}

const Service = z.object({ url: z.string(), majorApiVersion: z.number().default(1) });

const SigningConfig = z.object({
  caUrls: z.array(Service).min(1),
  rekorTlogUrls: z.array(Service).min(1),
  tsaUrls: z.array(Service).default([]),
});

const trustedRoots = new Map<string, Promise<TrustedRoot>>();
let publicTuf: Promise<TUF> | undefined;

/**
 * Reads the trusted keys, once per process. Those of the public instance come over TUF, whose own root ships with @sigstore/tuf.
 */
export function readTrustedRoot({ trustedRoot }: SigstoreFiles): Promise<TrustedRoot> {
  const key = trustedRoot ?? "";
  let root = trustedRoots.get(key);
  if (root === undefined) {
    root = readJson(trustedRoot, "trusted_root.json", "trusted root", (json) => {
      const found = TrustedRoot.fromJSON(json);
      // The decoder accepts any JSON: an empty root would make every signature look forged.
      if (found.certificateAuthorities.length === 0 || found.tlogs.length === 0) {
        throw new Error("it names no keys");
      }
      return found;
    });
    // A failed read is not kept: the next caller tries again.
    root.catch(() => trustedRoots.delete(key));
    trustedRoots.set(key, root);
  }
  return root;
}

/** Reads the services to sign with. Of several of one kind, the first in the signing config is used. */
export async function readServices({ signingConfig }: SigstoreFiles): Promise<SigningServices> {
  const config = await readJson(signingConfig, "signing_config.v0.2.json", "signing config", (json) => {
    const result = SigningConfig.safeParse(json);
    if (!result.success) {
      throw new Error(z.prettifyError(result.error));
    }
    return result.data;
  });
  const [fulcio] = config.caUrls;
  const [rekor] = config.rekorTlogUrls;
  return {
    fulcio: fulcio?.url ?? "",
    rekor: rekor ?? { url: "", majorApiVersion: 1 },
    timestamps: config.tsaUrls[0]?.url,
  };
}

async function readJson<T>(
  path: string | undefined,
  target: string,
  what: string,
  parse: (json: unknown) => T,
): Promise<T> {
  const text = await readText(path, target);
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path ?? target} is not a ${what}`, { cause: error });
  }
}

async function readText(path: string | undefined, target: string): Promise<string> {
  if (path !== undefined) {
    return readFile(path, "utf8");
  }
  publicTuf ??= initTUF();
  publicTuf.catch(() => (publicTuf = undefined));
  return readFile(await (await publicTuf).getTarget(target), "utf8");
}
