import { findNetworkWords, ServerRefusal } from "../../../errors/server-refusal.ts";
import type { Statement } from "../../../formats/signing/statement.ts";
import { currentContext } from "../machine/processes.ts";
import { makeBundle } from "./bundle.ts";
import type { SimulatedBundle } from "./bundle.ts";

export { bundleMediaType } from "./bundle.ts";

/** Signs a statement: a certificate, then an entry in the log, as two requests. Replaces the product's function of that name. */
export function signStatement(statement: Statement): Promise<SimulatedBundle> {
  return sign(statement);
}

/** Signs a file. Replaces the product's function of that name. */
export function signBlob({ sha256 }: { sha256: string }): Promise<SimulatedBundle> {
  return sign({ sha256 });
}

async function sign(content: Statement | { sha256: string }): Promise<SimulatedBundle> {
  await post("https://fulcio.sigstore.dev/api/v2/signingCert");
  const number = await post("https://rekor.sigstore.dev/api/v1/log/entries");
  return makeBundle(content, currentContext().process.commit, number);
}

async function post(address: string): Promise<number> {
  const request = `POST ${address}`;
  let answer: Response;
  try {
    answer = await fetch(address, { method: "POST", body: "{}" });
  } catch (error) {
    throw new ServerRefusal({ request, status: 0, words: findNetworkWords(error) }, { cause: error });
  }
  if (!answer.ok) {
    throw new ServerRefusal({ request, status: answer.status, words: await answer.text() });
  }
  return ((await answer.json()) as { number: number }).number;
}
