import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { signBlob } from "../../../clients/sigstore/blob-signing.ts";
import { signStatement } from "../../../clients/sigstore/signing.ts";
import type { StoredBundle } from "../../../clients/sigstore/signing.ts";
import { makeSignatureStatement } from "../../../formats/signing/statement.ts";
import { signingSandbox, textFile } from "./signing-sandbox.ts";

const signing = signingSandbox();

const signText = (text: string): Promise<StoredBundle> => signBlob(textFile(text), signing.instance());

const certificateOf = ({ verificationMaterial }: StoredBundle): X509Certificate =>
  new X509Certificate(Buffer.from(verificationMaterial.certificate?.rawBytes ?? "", "base64"));

const keyOf = (bundle: StoredBundle): string =>
  certificateOf(bundle).publicKey.export({ format: "pem", type: "spki" }).toString();

/** How often Fulcio was asked since a mark. */
const asked = (since: number): number =>
  signing.sandbox.journal.since(since, { door: "sigstore", path: /signingCert/ }).length;

describe("the key of a run", () => {
  let since: number;
  beforeEach(() => {
    since = signing.sandbox.journal.mark();
  });
  afterEach(() => vi.useRealTimers());

  it("has one certificate for all that is signed side by side, and after it", async () => {
    const bundles = await Promise.all([
      signText("one"),
      signText("two"),
      signStatement(makeSignatureStatement(`sha256:${"a".repeat(64)}`), signing.instance()),
    ]);
    bundles.push(await signText("three"));
    expect(asked(since)).toBe(1);
    expect(new Set(bundles.map((bundle) => certificateOf(bundle).fingerprint256)).size).toBe(1);
  });

  it("is another one for a run with another identity", async () => {
    const [one, other] = [await signText("one"), (signing.runAs(), await signText("two"))];
    expect(asked(since)).toBe(2);
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  it("is another one after five minutes, with a certificate of its own", async () => {
    const one = await signText("one");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 299_000 });
    const same = await signText("two");
    vi.setSystemTime(Date.now() + 2_000);
    const other = await signText("three");
    expect(asked(since)).toBe(2);
    expect([keyOf(same) === keyOf(one), keyOf(other) === keyOf(one)]).toEqual([true, false]);
  });

  it("asks again after a refusal", async () => {
    const act = { status: 503 };
    signing.sandbox.faults.add({ door: "sigstore", method: "POST", path: /signingCert/, when: "before", act });
    const first = await Promise.allSettled([signText("one"), signText("two")]);
    expect(first.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(keyOf(await signText("three"))).not.toBe("");
    expect(asked(since)).toBe(2);
  });
});
