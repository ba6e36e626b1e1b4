import { describe, expect, it } from "vitest";
import { provenance, provenancePredicate } from "../../formats/statement.ts";
import { signingSandbox } from "../clients/signing-sandbox.ts";
import { engineHost } from "./engine-host.ts";
import { releaseErrorOf } from "./release-error-of.ts";

const signing = signingSandbox();
const host = engineHost("attestation");
const entries = (): number => signing.sandbox.sigstore.entries();
const built = (revision = "1".repeat(40)) =>
  provenance({ revision, buildInputs: "2".repeat(64) }, "https://example.com/builder", "https://example.com/source", {
    context: ".",
  }) as Record<string, unknown>;

async function attested() {
  const image = await signing.image();
  const inputs = { ...image.inputs, predicateType: provenancePredicate, predicate: built() };
  const { id, outs } = await host.create(inputs);
  return { image, inputs, id, outs };
}

describe("when provenance is attached", () => {
  it("is accepted by cosign, with what it says", async () => {
    const { image } = await attested();
    const { output, ...verdict } = await signing.cosign(
      "verify-attestation",
      "--type",
      "slsaprovenance1",
      image.reference,
    );
    expect(verdict).toEqual({ exitCode: 0, accepted: 1 });
    const { payload } = JSON.parse(output.split("\n").find((line) => line.startsWith("{")) ?? "{}") as {
      payload: string;
    };
    expect(JSON.parse(Buffer.from(payload, "base64").toString())).toMatchObject({
      subject: [{ name: image.repository, digest: { sha256: image.digest.slice(7) } }],
      predicate: built(),
    });
  });
  it("has repository, digest and type as id, and its inputs in the state", async () => {
    const { image, inputs, id, outs } = await attested();
    expect([id, outs]).toEqual([`${image.reference} ${provenancePredicate}`, { kind: "attestation", ...inputs }]);
  });
  it("is found as it is", async () => {
    const { inputs, outs } = await attested();
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: { kind: "attestation", ...inputs } });
  });
  it("is not signed again", async () => {
    const { inputs } = await attested();
    const [mark, before] = [signing.sandbox.journal.mark(), entries()];
    await host.create(inputs);
    expect([signing.sandbox.journal.writes(mark), entries()]).toEqual([[], before]);
  });
  it("is taken whatever the order of the predicate's keys is", async () => {
    const { inputs } = await attested();
    const before = entries();
    const predicate = Object.fromEntries(Object.entries(inputs.predicate).toReversed());
    await host.create({ ...inputs, predicate });
    expect(entries()).toBe(before);
  });
  it("is gone where it was removed", async () => {
    const { image, outs } = await attested();
    await signing.list(image, []);
    expect(await host.read(outs)).toEqual({});
  });
  it("is no signature", async () => {
    const { image } = await attested();
    expect(await engineHost("signature").read({ ...image.inputs })).toEqual({});
  });
});

describe("when another predicate is wanted", () => {
  it("is not there because one of the same type is", async () => {
    const { inputs } = await attested();
    expect(await host.read({ ...inputs, predicate: built("3".repeat(40)) })).toEqual({});
  });
  it("is attached beside the first", async () => {
    const { image, inputs, outs } = await attested();
    await host.create({ ...inputs, predicate: built("3".repeat(40)) });
    expect([(await signing.listed(image)).length, (await host.read(outs)).id]).toEqual([2, "id"]);
  });
});

describe("when this run is not who is expected", () => {
  it("fails and attaches nothing", async () => {
    const image = await signing.image();
    signing.runAs("evil/widgets/.github/workflows/release.yml");
    const inputs = { ...image.inputs, predicateType: provenancePredicate, predicate: built() };
    const { code, parts } = await releaseErrorOf(host.create(inputs));
    expect([code, await signing.listed(image)]).toEqual(["SIGNING_FAILED", []]);
    expect(parts.reason).toContain("evil/widgets");
  });
});
