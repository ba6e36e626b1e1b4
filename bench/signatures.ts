import { fork } from "node:child_process";
import { execa } from "execa";
import { registryClient } from "../test/sandbox/registry-client.ts";
import { temporarySandbox } from "../test/sandbox/temporary-sandbox.ts";
import { median, table, timed } from "./table.ts";

const rounds = 20;
/** Simultaneous signatures when the rate is measured, as many as the engine makes. */
const together = 8;
const burst = 24;
const workflow = "acme/widgets/.github/workflows/release.yml";

/**
 * Measures a signature that is made, attached and read back: by the provider in a running process, and by `cosign sign` as scripts call
 * it. The two alternate, on the sandbox's Sigstore and registry.
 * @returns a table in Markdown
 */
export async function signatures(): Promise<string> {
  const { sandbox, forget } = await temporarySandbox();
  try {
    const ref = "refs/tags/v1.0.0";
    sandbox.sigstore.identity.set({ ref, job_workflow_ref: `${workflow}@${ref}` });
    const { issuer, trustedRoot, signingConfig } = sandbox.sigstore;
    const identity = { issuer, workflow, refs: "refs/tags/*" };
    const repository = `${sandbox.addresses.registry}/acme/signed`;
    const push = (text: string): Promise<string> => registryClient(sandbox).pushImage("acme/signed", "one", text);
    const signer = fork(new URL("signer.ts", import.meta.url), { env: { ...process.env, ...sandbox.environment } });
    const own = (digest: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const answered = (answer: { digest: string; error?: string }): void => {
          if (answer.digest !== digest) {
            return;
          }
          signer.off("message", answered);
          if (answer.error === undefined) {
            resolve();
          } else {
            reject(new Error(answer.error));
          }
        };
        signer.on("message", answered);
        signer.send({ repository, digest, identity, sigstore: { trustedRoot, signingConfig } });
      });
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
    signer.setMaxListeners(together + 1);
    const rates: { own: number[]; cosign: number[] } = { own: [], cosign: [] };
    for (let round = 0; round < 3; round++) {
      for (const [who, sign] of [
        ["own", own],
        ["cosign", cosign],
      ] as const) {
        const digests: string[] = [];
        for (let one = 0; one < burst; one++) {
          digests.push(await push(`${who} ${round} ${one}`));
        }
        const took = await timed(() => beside(digests, sign));
        rates[who].push((burst * 1000) / took);
      }
    }
    signer.disconnect();
    const [mine, theirs] = [median(times.own), median(times.cosign)];
    const [rate, theirRate] = [median(rates.own), median(rates.cosign)];
    return [
      `A signature: search, sign, verify, attach and read back; medians of ${rounds} one by one, and the rate of ${burst} with ${together} at once (medians of 3), alternating. Goal: twice the rate.`,
      "",
      table(
        ["who", "ms", "signatures/s", "rate against cosign's"],
        [
          ["the provider, in a running process", mine, rate.toFixed(1), (rate / theirRate).toFixed(1)],
          ["`cosign sign`", theirs, theirRate.toFixed(1), 1],
        ],
      ),
    ].join("\n");
  } finally {
    await forget();
  }
}

/** Processes a list, several at once. */
async function beside(digests: readonly string[], sign: (digest: string) => Promise<unknown>): Promise<void> {
  const left = [...digests];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await sign(next);
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
}
