import { createHash } from "node:crypto";
import { statementPayloadType } from "../../../formats/signing/statement.ts";
import type { Statement } from "../../../formats/signing/statement.ts";
import type { Signer } from "../../../formats/signing/signer.ts";

/** Who signs in the simulated world: the workflow of the repository, at the commit of the run. */
export const identity = {
  issuer: "https://token.actions.githubusercontent.com",
  workflow: "acme/widgets/.github/workflows/release.yml",
  refs: "refs/tags/*",
};

/** A simulated bundle: what a Sigstore bundle says, with a seal in the place of cryptography. */
export interface SimulatedBundle {
  mediaType: string;
  signer: Signer;
  /** Two signatures of the same content are different bundles. */
  number: number;
  /** The statement, or the file's sha256. */
  content: { payloadType: string; statement: Statement } | { sha256: string };
  /** Over all the rest: only signing makes it. */
  seal: string;
}

/** Media type of a stored bundle. */
export const bundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** Makes a bundle as the simulated Sigstore does. */
export function makeBundle(content: Statement | { sha256: string }, commit: string, number: number): SimulatedBundle {
  const signer: Signer = {
    issuer: identity.issuer,
    workflow: `${identity.workflow}@refs/tags/v0`,
    repository: "acme/widgets",
    commit,
    trigger: "push",
    repositoryId: "1",
    ownerId: "2",
  };
  const rest = {
    mediaType: bundleMediaType,
    signer,
    number,
    content: "sha256" in content ? content : { payloadType: statementPayloadType, statement: content },
  };
  return { ...rest, seal: sealOf(rest) };
}

/** Whether a bundle was made by the simulated Sigstore and is unchanged. */
export function isSealed({ seal, ...rest }: SimulatedBundle): boolean {
  return seal === sealOf(rest);
}

function sealOf(rest: Omit<SimulatedBundle, "seal">): string {
  return createHash("sha256")
    .update(`sealed ${JSON.stringify(rest)}`)
    .digest("base64");
}
