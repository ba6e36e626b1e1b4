import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../errors/release-error.ts";
import type { PackageAccess } from "../../observe/published/package-access.ts";
import { judgePushAccess, judgeUnreadable } from "../../plan/push-access.ts";

const releasing = { releasing: "acme/capt", web: "https://github.com" };

function capt(over: Partial<PackageAccess> = {}): PackageAccess {
  return {
    repository: "ghcr.io/acme/capt",
    package: { owner: "acme", name: "capt", organization: true },
    exists: true,
    settings: { visibility: "public", linked: "acme/capt" },
    write: { may: "write" },
    ...over,
  };
}

function judged(packages: PackageAccess[], preview = false, publicRepository: boolean | undefined = true) {
  return judgePushAccess({ packages, publicRepository }, { ...releasing, preview });
}

function refusalOf(packages: PackageAccess[], preview = false): ReleaseError {
  try {
    judged(packages, preview);
  } catch (error) {
    if (error instanceof ReleaseError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const refusedWith = (words: string): PackageAccess => capt({ write: { may: "not write", words } });

describe("when every package takes a push", () => {
  it("tells each with its visibility and link, and warns of nothing", () => {
    expect(judged([capt()])).toEqual({
      lines: ["ghcr.io/acme/capt: public, linked to acme/capt, takes a push"],
      warnings: [],
    });
  });

  it("takes a new package for one that its label will link", () => {
    const write = { may: "not be known", why: "nothing was ever pushed there" } as const;
    expect(judged([capt({ exists: false, settings: undefined, write })])).toEqual({
      lines: ["ghcr.io/acme/capt: a new package; its source label links it to acme/capt"],
      warnings: [],
    });
  });

  it("compares the linked repository without regard to case, as GitHub does", () => {
    expect(judged([capt({ settings: { visibility: "public", linked: "Acme/Capt" } })]).warnings).toEqual([]);
  });
});

describe("when a package would refuse because of its own settings", () => {
  const words = "DENIED: permission_denied: write_package";

  it.each([true, false])("stops the run, preview %s, with page and switch of this very package", (preview) => {
    const { parts } = refusalOf(
      [capt({ settings: { visibility: "private", linked: undefined }, write: { may: "not write", words } })],
      preview,
    );
    expect(parts).toMatchObject({
      code: "DENIED",
      step: "looking whether the repository takes a push",
      reason: `ghcr.io/acme/capt: ${words} (private, linked to no repository)`,
      rerun: "yes, nothing has happened: nothing was built, nothing was pushed",
    });
    expect(parts.fix).toContain("`Manage Actions access` → Add repository → role Write");
    expect(parts.fix).toContain("https://github.com/orgs/acme/packages/container/capt/settings");
    expect(parts.fix).not.toContain("ORG");
  });

  it("names a person's package by the person's page, and a slash as the page has it", () => {
    const own = { owner: "kim", name: "charts/capt", organization: false };
    const { parts } = refusalOf([capt({ package: own, write: { may: "not write", words } })]);
    expect(parts.fix).toContain("https://github.com/users/kim/packages/container/charts%2Fcapt/settings");
  });

  it("says all of them at once", () => {
    const other = capt({ repository: "ghcr.io/acme/other", write: { may: "not write", words: "DENIED: denied" } });
    const { reason, step } = refusalOf([refusedWith(words), capt(), other]).parts;
    expect(step).toBe("looking whether all 3 repositories take a push");
    expect(reason.split("\n")).toHaveLength(2);
    expect(reason).toContain("ghcr.io/acme/other: DENIED: denied");
  });
});

describe("when it is the run's token that may not write", () => {
  it.each([
    ["DENIED: installation not allowed to Write organization package", "packages: write"],
    ["DENIED: installation not allowed to Create organization package", "Package Creation"],
    ["DENIED: The token provided does not match expected scopes.", "write:packages"],
    ["DENIED: The requested installation does not exist.", "OWNER-OF-THIS-REPOSITORY"],
    ["the login is a fine-grained token, and GitHub's registry takes none", "classic token"],
  ])("warns in a preview and stops `up`: %s", (words, fix) => {
    expect(judged([refusedWith(words)], true).warnings).toEqual([
      `Whether ghcr.io/acme/capt takes a push cannot be known with what this run has: ${words}.`,
    ]);
    const error = refusalOf([refusedWith(words)]);
    expect(error.code).toBe("DENIED");
    expect(error.parts.fix).toContain(fix);
  });
});

describe("when there is no login", () => {
  const anonymous = capt({ write: { may: "not be known", why: "Docker has no login for ghcr.io" } });

  it("warns in a preview", () => {
    expect(judged([anonymous], true)).toEqual({
      lines: ["ghcr.io/acme/capt: public, linked to acme/capt, whether it takes a push cannot be known here"],
      warnings: [
        "Whether ghcr.io/acme/capt takes a push cannot be known with what this run has: Docker has no login for ghcr.io.",
      ],
    });
  });

  it("stops `up`, because a push would be refused after everything was built", () => {
    expect(refusalOf([anonymous]).parts).toMatchObject({
      code: "CREDENTIALS_MISSING",
      reason: expect.stringContaining("Docker has no login for ghcr.io"),
      fix: expect.stringContaining("docker login"),
    });
  });
});

describe("when a package is not as a public release needs it", () => {
  const page = "https://github.com/orgs/acme/packages/container/capt/settings";

  it("warns that readers of the Release cannot pull a private package", () => {
    const { warnings } = judged([capt({ settings: { visibility: "private", linked: "acme/capt" } })]);
    expect(warnings).toEqual([
      `ghcr.io/acme/capt is private, and the repository is public: who reads the Release cannot pull it. ${page} → Danger Zone → Change visibility → Public`,
    ]);
  });

  it("does not where the repository is private too", () => {
    expect(judged([capt({ settings: { visibility: "private", linked: "acme/capt" } })], false, false).warnings).toEqual(
      [],
    );
  });

  it("names the repository that it is linked to instead", () => {
    const { warnings } = judged([capt({ settings: { visibility: "public", linked: "acme/old" } })]);
    expect(warnings[0]).toContain("is linked to acme/old, not to acme/capt");
    expect(warnings[0]).toContain(page);
  });
});

describe("when a repository may not be read", () => {
  const unreadable = [{ repository: "ghcr.io/acme/capt", words: "token endpoint: DENIED: denied" }];

  it("says nothing where all may be", () => {
    expect(judgeUnreadable([], { preview: false })).toEqual([]);
  });

  it("warns in a preview, which a pull request from a fork may run without a login", () => {
    expect(judgeUnreadable(unreadable, { preview: true })).toEqual([
      "What is in a repository cannot be seen with what this run has: ghcr.io/acme/capt: token endpoint: DENIED: denied",
    ]);
  });

  it("stops `up`, which could overwrite what is there", () => {
    expect(() => judgeUnreadable(unreadable, { preview: false })).toThrow(/\[CREDENTIALS_REFUSED\]/);
  });
});
