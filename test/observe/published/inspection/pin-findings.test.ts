import { describe, expect, it } from "vitest";
import type { PinForm } from "../../../../formats/chart/pin/pin-form.ts";
import type { ReleaseRecord } from "../../../../formats/release/release-record.ts";
import { comparePins } from "../../../../observe/published/inspection/pin-findings.ts";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const image = { kind: "image", repository: "ghcr.io/acme/app", tag: "v2.0.0", digest, buildInputs: "c".repeat(64) };
const own = { app: image };

function compared(form: PinForm, values: string | undefined, artifacts: ReleaseRecord["artifacts"] = own): string[] {
  const pins = [{ path: "image.at", form, artifact: "app", version: "2.0.0", digest }];
  return comparePins("widgets-1.2.3.tgz", values, { pins }, { artifacts }).map(
    ({ outcome, promise, found }) => `${outcome} ${promise}: ${found}`,
  );
}

const line = (outcome: string, form: PinForm, found: string): string[] => [
  `${outcome} widgets-1.2.3.tgz names app 2.0.0 at image.at, as ${form}: ${found}`,
];

describe("comparePins", () => {
  it.each<[PinForm, string, string]>([
    ["digest", digest, other],
    ["hex", "a".repeat(64), digest],
    ["tag@digest", `v2.0.0@${digest}`, `v2.0.1@${digest}`],
    ["ref", `ghcr.io/acme/app@${digest}`, `ghcr.io/evil/app@${digest}`],
    ["repository", "ghcr.io/acme/app", "ghcr.io/acme/apps"],
    ["tag", "v2.0.0", "v2.0.1"],
  ])("compares the whole value of an image of the record: %s", (form, right, wrong) => {
    expect(compared(form, `image:\n  at: "${right}"\n`)).toEqual(line("kept", form, right));
    expect(compared(form, `image:\n  at: "${wrong}"\n`)).toEqual(line("broken", form, wrong));
  });

  it.each<[PinForm, string, string]>([
    ["digest", digest, `x${digest}`],
    ["hex", "a".repeat(64), digest],
    ["tag@digest", `v2.0.0@${digest}`, `v2.0.0@${other}`],
    ["ref", `example.org/app@${digest}`, `example.org/app@${other}`],
    ["tag", "v2.0.0", "v2.0.1"],
  ])("compares digest and version of another unit's image: %s", (form, right, wrong) => {
    for (const artifacts of [{}, { app: { ...image, kind: "chart" } }]) {
      expect(compared(form, `image:\n  at: "${right}"\n`, artifacts)).toEqual(line("kept", form, right));
      expect(compared(form, `image:\n  at: "${wrong}"\n`, artifacts)).toEqual(line("broken", form, wrong));
    }
  });

  it("says nothing of the repository of another unit's image, which no record has", () => {
    expect(compared("repository", "image:\n  at: x\n", {})).toEqual([]);
  });

  it.each([
    ["no such value", "image: {}\n", "does not exist, and no value is created"],
    ["a map in its place", "image: {at: {}}\n", "is a map, not one value"],
    ["nothing", undefined, "no values.yaml"],
    ["an empty value", "image:\n  at:\n", ""],
  ])("breaks it for values with %s", (_, values, found) => {
    expect(compared("digest", values)).toEqual(line("broken", "digest", found));
  });

  it("breaks it for a record whose pin and image disagree", () => {
    const artifacts = { app: { ...image, digest: other } };
    expect(compared("digest", `image:\n  at: "${digest}"\n`, artifacts)).toEqual(
      line("broken", "digest", `${digest} in the record, whose own app is ${other}`),
    );
  });
});
