import { describe, expect, it } from "vitest";
import { markNotes } from "../../../../formats/release/release-mark.ts";
import type { ReleaseRecord } from "../../../../formats/release/release-record.ts";
import { inspectMarks, inspectNotes } from "../../../../observe/published/inspection/notes-findings.ts";
import { notes } from "../../../../plan/notes/notes.ts";
import type { NotesContent } from "../../../../plan/notes/notes.ts";
import { digest, identity } from "../../../plan/made-up-project.ts";

const owner = "app@1.2.3";
const app = { kind: "image", repository: "ghcr.io/acme/app", tag: "1.2.3" };
const record: ReleaseRecord = {
  unit: "app",
  version: "1.2.3",
  revision: "c".repeat(40),
  gitTag: "v1.2.3",
  artifacts: { app: { ...app, digest: digest("a"), buildInputs: "b".repeat(64) } },
  assets: {},
  policy: { signing: identity },
};
const content: NotesContent = {
  text: "## Fixed\n\n- it",
  artifacts: [{ ...app, name: "app", ociRepository: app.repository, sbom: true }],
  version: "1.2.3",
  assets: [{ name: "app.tgz" }],
  revision: record.revision,
  repository: "acme/widgets",
  signing: identity,
  trustedRoot: undefined,
};
const written = (changes: Partial<NotesContent>): string =>
  notes({ ...content, ...changes }).replaceAll("{{digest:app}}", digest("a"));
const published = written({});
const chart = { ...app, kind: "chart", name: "app", ociRepository: app.repository, sbom: false };

const look = (text: string) => inspectNotes(markNotes(owner, text), record, "acme/widgets");
const unkept = (text: string) => look(text).filter(({ outcome }) => outcome !== "kept");

describe("notesFindings", () => {
  it("keeps what the program writes", () => {
    expect(unkept(published)).toEqual([]);
  });
  it("keeps it with the line ends of GitHub's editor, and with other words", () => {
    expect(unkept(published.replaceAll("\n", "\r\n"))).toEqual([]);
    expect(unkept(published.replace("To paste", "Paste").replace("Download the files", "Get them"))).toEqual([]);
  });
  it.each([true, false])("keeps how a chart is installed, or used if it is a library", (installable) => {
    expect(unkept(written({ artifacts: [{ ...chart, installable }] }))).toEqual([]);
  });
  it("finds a command that installs another chart", () => {
    const notesOf = written({ artifacts: [chart] });
    const found = unkept(notesOf.replace("oci://ghcr.io/acme/app --version", "oci://ghcr.io/evil/app --version"));
    expect(found).toEqual([
      {
        promise: "the notes name no other digest and no other signer",
        outcome: "broken",
        found: "oci://ghcr.io/evil/app",
      },
    ]);
  });
  it("keeps a command that names the repository, in whatever letters", () => {
    const more = "cosign verify --certificate-github-workflow-repository Acme/Widgets --type x";
    expect(unkept(published.replace("cosign verify ", `${more} `))).toEqual([]);
  });
  it("keeps notes of an unsigned version", () => {
    const unsigned = { ...record, policy: { signing: "off" as const } };
    const text = `| app | image | \`ghcr.io/acme/app:1.2.3@${digest("a")}\` |`;
    expect(inspectNotes(markNotes(owner, text), unsigned, "acme/widgets").map(({ outcome }) => outcome)).toEqual([
      "kept",
      "kept",
    ]);
  });
  it.each([
    ["a digest", `run ${digest("e")}`, digest("e")],
    ["another image", `\`ghcr.io/evil/app:1.2.3@${digest("a")}\``, `ghcr.io/evil/app:1.2.3@${digest("a")}`],
    ["another repository", "cosign verify --certificate-github-workflow-repository evil/x", "evil/x"],
    ["another owner", "gh attestation verify --owner evil", "--owner evil"],
    ["no log", "cosign verify --insecure-ignore-tlog", "--insecure-ignore-tlog"],
    ["another trusted root", "cosign verify --trusted-root evil.json", "--trusted-root evil.json"],
    ["a method of every object", "cosign verify --constructor x", "--constructor x"],
    ["what cannot be shown", "cosign verify --key \u001B[2J", "--key …"],
  ])("is broken by %s behind our first heading", (_, text, found) => {
    const [first, ...more] = unkept(`${published}\n${text}`);
    expect(first).toMatchObject({ outcome: "broken", found: expect.stringContaining(found) });
    expect(more).toEqual([]);
  });
  it.each([
    ["no command", /^(?:cosign|gh) .*\n/gm],
    ["no command that asks who signed", / --cert\S* \S+/g],
  ])("is broken by notes with %s", (_, gone) => {
    expect(unkept(published.replaceAll(gone, ""))).toEqual([
      { promise: "the notes have commands that verify the signatures", outcome: "broken", found: "nothing" },
    ]);
  });
  it("shows other digests in the text before it", () => {
    const [first, ...more] = unkept(`- debian@${digest("e")}\n${published}`);
    expect(first).toMatchObject({ outcome: "differs", found: `debian@${digest("e")}, ${digest("e")}` });
    expect(more).toEqual([]);
  });
  it("is broken by another digest under the recorded tag, wherever it stands", () => {
    const promise = "the notes name ghcr.io/acme/app:1.2.3 with the recorded digest";
    expect(unkept(`- ghcr.io/acme/app:1.2.3@${digest("e")}\n${published}`)).toContainEqual({
      promise,
      outcome: "broken",
      found: digest("e"),
    });
  });
  it.each(["a", "a/", "a.", ":", "-", "a@", "sha256:", "<!-- lockstep:begin ", "/.github/workflows/"])(
    "reads a text of very many %j",
    (part) => {
      expect(unkept(`${part.repeat(130_000 / part.length)}\n${published}`)).toEqual([]);
    },
  );
});

describe("markFinding", () => {
  it.each([
    [markNotes(owner, "x"), "kept", "yes"],
    [`before\n${markNotes(owner, "x")}\nafter`, "kept", "yes"],
    [markNotes("app@1.2.4", "x"), "broken", "the marks of something else"],
    [markNotes("\u001B[2J", "x"), "broken", "the marks of something else"],
    [markNotes(owner, "x").replace("<!-- lockstep:end -->", ""), "broken", "no mark at their end"],
    ["x", "broken", "nothing"],
    ["", "broken", "nothing"],
  ])("finds in %j: %s", (body, outcome, found) => {
    expect(inspectMarks(body, owner)).toMatchObject({ outcome, found });
  });
});
