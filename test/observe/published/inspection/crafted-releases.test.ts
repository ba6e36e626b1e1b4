import { beforeAll, describe, expect, it } from "vitest";
import { signBlob } from "../../../../clients/sigstore/blob-signing.ts";
import { writeRecord } from "../../../../formats/release/release-record.ts";
import type { ReleaseRecord } from "../../../../formats/release/release-record.ts";
import { signingSandbox, textFile } from "../../../clients/sigstore/signing-sandbox.ts";
import { verifiableUnit } from "./verifiable-unit.ts";
import type { VerifiableUnit } from "./verifiable-unit.ts";

const signing = signingSandbox();
const record = "lockstep.release.json";
const evilDigest = `sha256:${"e".repeat(64)}`;
let unit: VerifiableUnit;

beforeAll(async () => {
  signing.runAs();
  unit = await verifiableUnit(signing, true);
});

/** A file that the release workflow signed, in place of one of 1.2.0. */
async function putSigned(name: string, text: string): Promise<void> {
  await unit.put(name, text);
  await unit.put(`${name}.sigstore.json`, JSON.stringify(await signBlob(textFile(text), signing.instance())));
}

/** The record of 1.2.0 with a change, signed by the release workflow. */
async function changeRecord(change: (old: ReleaseRecord) => ReleaseRecord): Promise<void> {
  const { predicate } = JSON.parse(await unit.text(record)) as { predicate: ReleaseRecord };
  await putSigned(record, writeRecord(change(predicate)));
}

/** How a Release was changed, and the lines of the answer that name it. */
const crafted: readonly [what: string, craft: () => Promise<void>, ...named: RegExp[]][] = [
  [
    "a strange file is attached",
    () => unit.put("evil.sh", "echo evil\n"),
    /BROKEN +evil\.sh, a file of the Release, is in the record +nothing/,
  ],
  [
    "a strange file is attached with a signature of it",
    () => putSigned("evil.sh", "echo evil\n"),
    /BROKEN +evil\.sh, a file/,
    /BROKEN +evil\.sh\.sigstore\.json, a file/,
  ],
  [
    "the notes name another digest",
    () => unit.edit((body) => body.replaceAll(/sha256:[0-9a-f]{64}/g, evilDigest)),
    /BROKEN +the notes name \S+:1\.2\.0 with the recorded digest +sha256:eeee/,
    /BROKEN +the notes name no other digest and no other signer +\S+@sha256:eeee/,
  ],
  [
    "the notes name the digest in another repository",
    () => unit.edit((body) => body.replaceAll(/127\.0\.0\.1:\d+\/acme\/app/g, "evil.example/acme/app")),
    /BROKEN +the notes name \S+:1\.2\.0 with the recorded digest +nothing/,
    /BROKEN +the notes name no other digest and no other signer +evil\.example\/acme\/app/,
  ],
  [
    "the notes have commands for another workflow",
    () => unit.edit((body) => body.replaceAll("github\\.com/acme/widgets", "github\\.com/evil/widgets")),
    /BROKEN +the notes name no other digest and no other signer +--certificate-identity-regexp \S+evil\/widgets/,
  ],
  [
    "one command takes anybody",
    () => unit.edit((body) => body.replace(/regexp '[^']*'/, "regexp=.*")),
    /BROKEN +the notes name no other digest and no other signer +--certificate-identity-regexp \.\*/,
  ],
  [
    "a command trusts a key",
    () => unit.edit((body) => body.replace("cosign verify-blob", "cosign verify-blob --key evil.pub")),
    /BROKEN +the notes name no other digest and no other signer +--key evil\.pub/,
  ],
  [
    "the notes have commands for another issuer",
    () => unit.edit((body) => body.replaceAll(/(oidc-issuer) \S+/g, "$1 https://evil.example")),
    /BROKEN +the notes name no other digest .* --cert-oidc-issuer https:\/\/evil\.example/,
  ],
  [
    "the notes say that another workflow signed",
    () => unit.edit((body) => body.replace("`acme/widgets/.github", "`evil/widgets/.github")),
    /BROKEN +the notes name no other digest and no other signer +evil\/widgets\/\.github\/workflows\/release\.yml/,
  ],
  [
    "the commands are gone from the notes",
    () => unit.edit((body) => body.replaceAll(/^.*(cosign|gh) .*$/gm, "")),
    /BROKEN +the notes have commands that verify the signatures +nothing/,
  ],
  [
    "the notes are one word",
    () => unit.edit(() => "hello"),
    /BROKEN +the notes are between the marks of app@1\.2\.0 +nothing/,
    /BROKEN +the notes name \S+:1\.2\.0 with the recorded digest +nothing/,
    /BROKEN +the notes have commands that verify the signatures +nothing/,
  ],
  [
    "the notes are those of another version",
    () => unit.edit((body) => body.replace("app@1.2.0", "app@1.1.0")),
    /BROKEN +the notes are between the marks of app@1\.2\.0 +the marks of something else/,
  ],
  [
    "the end of the notes is gone",
    () => unit.edit((body) => body.replace("<!-- lockstep:end -->", "")),
    /BROKEN +the notes are between the marks of app@1\.2\.0 +no mark at their end/,
  ],
  [
    "the record does not have the image",
    () => changeRecord((old) => ({ ...old, artifacts: {} })),
    /BROKEN +the record has app as \S+:1\.2\.0 +nothing/,
  ],
  [
    "the record has the image under another tag",
    () => changeRecord((old) => ({ ...old, artifacts: { app: { ...old.artifacts["app"]!, tag: "1.1.0" } } })),
    /BROKEN +the record has app as \S+:1\.2\.0 +\S+:1\.1\.0/,
  ],
  [
    "the record does not have a file",
    () => changeRecord((old) => ({ ...old, assets: { "install.yaml": old.assets["install.yaml"]! } })),
    /BROKEN +the record has app\.txt +nothing/,
    /BROKEN +the record has checksums\.txt +nothing/,
    /BROKEN +app\.txt, a file of the Release, is in the record/,
  ],
  [
    "the record asks for no signatures",
    () => changeRecord((old) => ({ ...old, policy: { signing: "off" } })),
    /BROKEN +the record asks for the signatures that the configuration asks for +off/,
  ],
  [
    "a file was replaced",
    () => unit.put("install.yaml", "kind: Evil\n"),
    /BROKEN +install\.yaml has the recorded sha256 +[0-9a-f]{64}/,
  ],
  [
    "a bundle was removed",
    () => unit.put("install.yaml.sigstore.json", undefined),
    /BROKEN +install\.yaml is signed by \S+ +nothing/,
  ],
];

describe("inspect, when nothing was touched", () => {
  it("is kept, and every line says so", async () => {
    const { exitCode, output } = await unit.verify(["app@1.2.0"]);
    const [first, ...lines] = output.trimEnd().split("\n");
    expect(first).toBe(`app 1.2.0: all ${lines.length} promises are kept`);
    expect(lines.filter((line) => !line.startsWith("  kept "))).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe("inspect, when a signed Release was changed", () => {
  it.each(crafted)("is broken, and named: %s", async (_, craft, ...named) => {
    await craft();
    const { exitCode, output } = await unit.verify(["app@1.2.0"]);
    for (const line of named) {
      expect(output).toMatch(line);
    }
    expect(output).toMatch(/^app 1\.2\.0: \d+ of \d+ promises are broken/);
    expect(exitCode).toBe(1);
  });
  it("is not broken by what a changelog says, which is only shown", async () => {
    await unit.edit((body) => body.replace("- it", `- needs \`debian@${evilDigest}\``));
    const { exitCode, output } = await unit.verify(["app@1.2.0"]);
    expect(output).toMatch(/^app 1\.2\.0: all \d+ promises are kept; 1 more to look at\n/);
    expect(output).toMatch(/differs +the changelog in the notes names no other digest .* debian@sha256:eeee/);
    expect(exitCode).toBe(0);
  });
  it("is not broken by what people write around our part", async () => {
    await unit.edit((body) => `Read this first: ${evilDigest}\n${body}\nThanks!`);
    expect((await unit.verify(["app@1.2.0"])).exitCode).toBe(0);
  });
});

/** Records that must not decide anything, with what is said of them. */
const unbelieved: readonly [what: string, craft: () => Promise<void>, named: RegExp][] = [
  ["is missing", () => unit.put(record, undefined), /BROKEN +lockstep\.release\.json says what .* nothing/],
  [
    "is not signed",
    () => unit.put(`${record}.sigstore.json`, undefined),
    /BROKEN +lockstep\.release\.json is signed by \S+ +nothing: its content was not checked/,
  ],
  [
    "was changed after it was signed",
    async () => unit.put(record, (await unit.text(record)).replace("1.2.0", "1.2.1")),
    /BROKEN +lockstep\.release\.json is signed by \S+ +is about other bytes: its content was not checked/,
  ],
  [
    "is signed by another workflow",
    async () => {
      signing.runAs("evil/widgets/.github/workflows/release.yml");
      await putSigned(record, await unit.text(record));
    },
    /BROKEN +lockstep\.release\.json is signed by \S+ +.*evil\/widgets.*: its content was not checked/,
  ],
  [
    "is that of another unit by the same workflow",
    () => changeRecord((old) => ({ ...old, unit: "other" })),
    /BROKEN +the record is of app@1\.2\.0 at v1\.2\.0 +other@1\.2\.0 at v1\.2\.0/,
  ],
  [
    "is that of another version",
    async () => {
      await unit.publish("1.1.0");
      await unit.put(record, await unit.text(record, "1.1.0"));
      await unit.put(`${record}.sigstore.json`, await unit.text(`${record}.sigstore.json`, "1.1.0"));
    },
    /BROKEN +the record is of app@1\.2\.0 at v1\.2\.0 +app@1\.1\.0 at v1\.1\.0/,
  ],
];

describe("inspect, when the record cannot be believed", () => {
  it.each(unbelieved)("is not asked what the Release is made of: it %s", async (_, craft, named) => {
    await craft();
    const since = signing.sandbox.journal.mark();
    const { exitCode, output } = await unit.verify(["app@1.2.0"]);
    expect(output).toMatch(named);
    expect(output.match(/BROKEN/g)).toHaveLength(1);
    expect(output).not.toMatch(/recorded (sha256|digest|commit)/);
    expect(exitCode).toBe(1);
    expect(signing.sandbox.journal.since(since, { door: "registry" })).toEqual([]);
  });
});
