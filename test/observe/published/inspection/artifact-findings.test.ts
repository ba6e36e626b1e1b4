import { describe, expect, it } from "vitest";
import { attachBundle } from "../../../clients/registry/attached-bundle.ts";
import { signStatement } from "../../../../clients/sigstore/signing.ts";
import type { ReleaseRecord } from "../../../../formats/release/release-record.ts";
import {
  makeAttestationStatement,
  provenance,
  provenancePredicate,
  signaturePredicate,
  makeSignatureStatement,
} from "../../../../formats/signing/statement.ts";
import { inspectArtifact } from "../../../../observe/published/inspection/artifact-findings.ts";
import type { Answer } from "../../../../sandbox/door/answer.ts";
import { signingSandbox } from "../../../clients/sigstore/signing-sandbox.ts";
import type { SignableImage } from "../../../clients/sigstore/signing-sandbox.ts";

const signing = signingSandbox();
const build = { revision: "1".repeat(40), buildInputs: "2".repeat(64) };

/** An image that is signed and has provenance, as a release leaves it. */
async function published(): Promise<SignableImage> {
  const image = await signing.image();
  const said = provenance(build, "builder", "source", {});
  for (const statement of [
    makeSignatureStatement(image.digest),
    makeAttestationStatement(image.repository, image.digest, provenancePredicate, said),
  ]) {
    const bundle = await signStatement(statement, signing.instance());
    await attachBundle(image.repository, image.digest, bundle, statement.predicateType);
  }
  return image;
}

const look = async ({ repository, digest }: SignableImage): Promise<[string, boolean][]> => {
  const artifact = { kind: "image", repository, tag: "one", digest, buildInputs: build.buildInputs };
  const record = { revision: build.revision } as ReleaseRecord;
  const findings = await inspectArtifact(artifact, record, signing.identity(), signing.instance());
  return findings.map(({ promise, outcome }) => [promise.replace(repository, ""), outcome === "kept"]);
};

/** Changes what the registry says under a path. */
const changing = (path: RegExp, change: (text: string) => string): void => {
  const act = { change: (answer: Answer): Answer => ({ ...answer, body: change(String(answer.body)) }) };
  signing.sandbox.faults.add({ door: "registry", method: "GET", path, when: "after", times: 99, act });
};

describe("artifactFindings", () => {
  it("keeps what it promises", async () => {
    expect((await look(await published())).map(([, kept]) => kept)).toEqual([true, true, true]);
  });

  it("keeps it whatever strangers attach", async () => {
    const image = await published();
    changing(/manifests\/sha256-/, (text) => {
      const list = JSON.parse(text) as { manifests: object[] };
      const strange = [null, { digest: "../../../other/manifests/latest" }, { digest: image.digest }];
      return JSON.stringify({ ...list, manifests: [...strange, ...list.manifests] });
    });
    expect((await look(image)).map(([, kept]) => kept)).toEqual([true, true, true]);
  });

  it("looks no further than to what it promises", async () => {
    const image = await published();
    const more = await signStatement(makeSignatureStatement(image.digest), signing.instance());
    for (let at = 0; at < 12; at++) {
      await attachBundle(image.repository, image.digest, more, signaturePredicate);
    }
    const mark = signing.sandbox.journal.mark();
    await look(image);
    expect(signing.sandbox.journal.since(mark, { path: /manifests\/sha256:/ }).length).toBeLessThan(12);
  });

  it.each(["null", "[]", "no JSON", '{"manifests":null}', '{"manifests":[null]}', '{"manifests":[{"digest":"../x"}]}'])(
    "says that %s is no manifest",
    async (text) => {
      const image = await published();
      changing(/manifests\/one$/, () => text);
      expect((await look(image)).at(-1)).toEqual([":one is a manifest", false]);
    },
  );
});
