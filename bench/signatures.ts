import { execa } from "execa";
import { signatureProvider } from "../providers/signature.ts";
import { registryClient } from "../test/sandbox/registry-client.ts";
import { temporarySandbox } from "../test/sandbox/temporary-sandbox.ts";
import { median, table, timed } from "./table.ts";

const rounds = 20;
const workflow = "acme/widgets/.github/workflows/release.yml";

/**
 * A signature that is made, attached and read back: by the provider in a process that runs, against `cosign sign` as scripts call it, in
 * turns, on the sandbox's Sigstore and registry.
 * @returns a table in Markdown
 */
export async function signatures(): Promise<string> {
  const { sandbox, forget } = await temporarySandbox();
  try {
    Object.assign(process.env, sandbox.environment);
    const ref = "refs/tags/v1.0.0";
    sandbox.sigstore.identity.set({ ref, job_workflow_ref: `${workflow}@${ref}` });
    const { issuer, trustedRoot, signingConfig } = sandbox.sigstore;
    const identity = { issuer, workflow, refs: "refs/tags/*" };
    const repository = `${sandbox.addresses.registry}/acme/signed`;
    const push = (text: string): Promise<string> => registryClient(sandbox).pushImage("acme/signed", "one", text);
    const own = async (digest: string): Promise<void> => {
      const inputs = { repository, digest, identity, sigstore: { trustedRoot, signingConfig } };
      await signatureProvider.reconcile(inputs, { at() {}, done() {}, warn() {} });
    };
    const cosign = (digest: string) =>
      execa(
        "cosign",
        ["sign", "--yes", "--signing-config", signingConfig, "--trusted-root", trustedRoot, `${repository}@${digest}`],
        {
          env: sandbox.environment,
        },
      );

    await own(await push("warm-up"));
    await cosign(await push("warm-up of cosign"));
    const times: { own: number[]; cosign: number[] } = { own: [], cosign: [] };
    for (let round = 0; round < rounds; round++) {
      const [one, other] = [await push(`ours ${round}`), await push(`cosign's ${round}`)];
      times.own.push(await timed(() => own(one)));
      times.cosign.push(await timed(() => cosign(other)));
    }
    const [mine, theirs] = [median(times.own), median(times.cosign)];
    return [
      `A signature, medians of ${rounds}, in turns. Aim: 2 times faster.`,
      "",
      table(
        ["who", "ms", "signatures/s", "times faster"],
        [
          ["the provider, in a process that runs", mine, (1000 / mine).toFixed(1), (theirs / mine).toFixed(1)],
          ["`cosign sign`", theirs, (1000 / theirs).toFixed(1), 1],
        ],
      ),
    ].join("\n");
  } finally {
    await forget();
  }
}
