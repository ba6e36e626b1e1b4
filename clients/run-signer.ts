import { CIContextProvider } from "@sigstore/sign";
import type { RunSigner } from "../formats/signing-policy.ts";

/**
 * Who this run would sign as, from an OIDC token of its own. Nothing else says it: in a job of a reusable workflow the variables of the
 * run (GITHUB_WORKFLOW_REF, GITHUB_REF) name the workflow that calls, and the certificate the one that is called.
 * Source: docs.github.com, "OpenID Connect reference", job_workflow_ref; Fulcio's certificate specification.
 * @returns undefined where there is no token, or none that names a workflow: signing itself tries again and explains
 */
export async function runSigner(): Promise<RunSigner | undefined> {
  try {
    const [, payload = ""] = (await new CIContextProvider("sigstore").getToken()).split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, unknown>;
    const { iss: issuer, job_workflow_ref: workflow } = claims;
    return typeof issuer === "string" && typeof workflow === "string" ? { issuer, workflow } : undefined;
  } catch {
    return undefined;
  }
}
