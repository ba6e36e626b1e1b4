import { CIContextProvider } from "@sigstore/sign";
import type { Signer } from "../../formats/signing/signer.ts";

/**
 * Reads who this run would sign as from its OIDC token. Nothing else says so: in a job of a reusable workflow, the run's variables
 * (GITHUB_WORKFLOW_REF, GITHUB_REF) name the calling workflow, but the certificate names the called one.
 * The certificate will say the same as the token. Source: docs.github.com, "OpenID Connect reference"; Fulcio's certificate
 * specification.
 * @returns undefined if there is no token, or none that names a workflow: signing itself tries again and explains
 */
export async function runSigner(): Promise<Signer | undefined> {
  try {
    const [, payload = ""] = (await new CIContextProvider("sigstore").getToken()).split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, unknown>;
    const { iss, job_workflow_ref: workflow } = claims;
    if (typeof iss !== "string" || typeof workflow !== "string") {
      return undefined;
    }
    const said = (claim: string): string => (typeof claims[claim] === "string" ? claims[claim] : "");
    return {
      issuer: iss,
      workflow,
      repository: said("repository"),
      commit: said("sha"),
      trigger: said("event_name"),
      repositoryId: said("repository_id"),
      ownerId: said("repository_owner_id"),
    };
  } catch {
    return undefined;
  }
}
