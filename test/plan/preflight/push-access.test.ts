import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import type { PackageAccess } from "../../../observe/published/packages/package-access.ts";
import { judgePushAccess, judgeUnreadable } from "../../../plan/preflight/push-access.ts";

const releasing = { releasing: "acme/capt", web: "https://github.com" };

function capt(over: Partial<PackageAccess> = {}): PackageAccess {
  return {
    repository: "ghcr.io/acme/capt",
    package: { owner: "acme", name: "capt", organization: true },
    exists: true,
    holds: [],
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
    if (error instanceof ReleaseError) {
      return error;
    }
    throw error;
  }
  throw new Error("nothing was refused");
}

const refusedWith = (words: string, status = 403): PackageAccess =>
  capt({ write: { may: "not write", status, words, request: "POST https://ghcr.io/v2/acme/capt/blobs/uploads/" } });

describe("judgePushAccess, when every package accepts a push", () => {
  it("shows each with its visibility and link, and warns of nothing", () => {
    expect(judged([capt()])).toEqual({
      lines: ["ghcr.io/acme/capt: public, linked to acme/capt, accepts a push"],
      warnings: [],
    });
  });

  it("expects that the label of a new package will link it", () => {
    const write = { may: "not asked", why: "nothing was ever pushed there" } as const;
    expect(judged([capt({ exists: false, settings: undefined, write })])).toEqual({
      lines: ["ghcr.io/acme/capt: a new package; its source label links it to acme/capt"],
      warnings: [],
    });
  });

  it("compares the linked repository without regard to case, as GitHub does", () => {
    expect(judged([capt({ settings: { visibility: "public", linked: "Acme/Capt" } })]).warnings).toEqual([]);
  });
});

describe("judgePushAccess, when a package would refuse because of its own settings", () => {
  const words = "DENIED: permission_denied: write_package";

  it.each([true, false])("stops the run, preview %s, with page and switch of this very package", (preview) => {
    const { parts } = refusalOf(
      [capt({ settings: { visibility: "private", linked: undefined }, write: { may: "not write", words } })],
      preview,
    );
    expect(parts).toMatchObject({
      code: "DENIED",
      step: "checking write access to the repository",
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
    expect(step).toBe("checking write access to all 3 repositories");
    expect(reason.split("\n")).toHaveLength(2);
    expect(reason).toContain("ghcr.io/acme/other: DENIED: denied");
  });
});

describe("judgePushAccess, when it is the run's token that may not write", () => {
  it.each([
    [
      "DENIED: installation not allowed to Write organization package",
      "`packages: write` is missing, the run comes from a fork, or it is an App's token",
      "Give the job `permissions: packages: write` and use GITHUB_TOKEN or a classic token.",
    ],
    [
      "DENIED: installation not allowed to Create organization package",
      "may not create a package in this organization",
      "organization Settings → Packages → Package Creation",
    ],
    [
      "DENIED: permission_denied: The token provided does not match expected scopes.",
      "the scope `write:packages` is missing, or it is fine-grained",
      "Use a classic token with `write:packages`, or GITHUB_TOKEN in a workflow.",
    ],
    [
      "DENIED: permission_denied: The requested installation does not exist.",
      "it works only for the owner of its own repository",
      "Push to `ghcr.io/OWNER-OF-THIS-REPOSITORY/…`",
    ],
    [
      "the login is a fine-grained token, and GitHub's registry accepts none",
      "the scope `write:packages` is missing, or it is fine-grained",
      "Fine-grained tokens cannot write packages.",
    ],
    [
      "token endpoint: DENIED: denied",
      "The registry's token service refused",
      "Check `docker login REGISTRY`, and that the account may read the package.",
    ],
  ])("warns in a preview with meaning and fix, and stops `up`: %s", (words, meaning, fix) => {
    const { lines, warnings } = judged([refusedWith(words)], true);
    expect(lines[0]).toContain("whether it accepts a push cannot be known here");
    expect(warnings).toEqual([
      expect.stringContaining(
        `Whether ghcr.io/acme/capt accepts a push cannot be known with what this run has: ${words.replace(/\.$/, "")}. \`up\` with this login would be refused: `,
      ),
    ]);
    const { parts } = refusalOf([refusedWith(words)]);
    expect([parts.meaning, parts.fix]).toEqual([expect.stringContaining(meaning), expect.stringContaining(fix)]);
    expect(warnings[0]).toContain(`${parts.meaning} ${parts.fix}`);
  });

  it("warns once for all packages that are refused with the same words", () => {
    const words = "DENIED: installation not allowed to Write organization package";
    const chart = { ...refusedWith(words), repository: "ghcr.io/acme/charts/capt" };
    const stranger = {
      ...refusedWith("DENIED: The requested installation does not exist."),
      repository: "ghcr.io/x/y",
    };
    const { warnings } = judged([refusedWith(words), chart, stranger, capt({ repository: "ghcr.io/acme/open" })], true);
    expect(warnings.map((warning) => warning.split(" cannot be known")[0])).toEqual([
      "Whether ghcr.io/acme/capt, ghcr.io/acme/charts/capt accept a push",
      "Whether ghcr.io/x/y accepts a push",
    ]);
  });

  it("stops a preview where another package refuses because of its own settings", () => {
    const own = { ...refusedWith("DENIED: permission_denied: write_package"), repository: "ghcr.io/acme/locked" };
    const token = refusedWith("DENIED: installation not allowed to Write organization package");
    expect(refusalOf([token, own], true).parts.reason).toBe(
      "ghcr.io/acme/locked: DENIED: permission_denied: write_package (public, linked to acme/capt)",
    );
  });
});

describe("judgePushAccess, when the registry does not accept the login", () => {
  it.each([
    ["UNAUTHORIZED: authentication required", "CREDENTIALS_MISSING"],
    ["no words", "CREDENTIALS_REFUSED"],
    ["token endpoint: incorrect username or password", "CREDENTIALS_REFUSED"],
  ])("is 401 %s: %s, with docker login as the way out, and a preview goes on", (words, code) => {
    const { parts } = refusalOf([refusedWith(words, 401)]);
    expect(parts).toMatchObject({ code, fix: expect.stringContaining("`docker login REGISTRY`") });
    expect(parts.fix).not.toContain("Set GITHUB_TOKEN");
    expect(judged([refusedWith(words, 401)], true).warnings).toEqual([expect.stringContaining(parts.fix)]);
  });
});

describe("judgePushAccess, when there is no login", () => {
  const anonymous = capt({ write: { may: "not be known", why: "Docker has no login for ghcr.io" } });

  it("warns in a preview", () => {
    expect(judged([anonymous], true)).toEqual({
      lines: ["ghcr.io/acme/capt: public, linked to acme/capt, whether it accepts a push cannot be known here"],
      warnings: [
        "Whether ghcr.io/acme/capt accepts a push cannot be known with what this run has: Docker has no login for ghcr.io. `up` without a login would be refused. Log in first: `docker login REGISTRY`. In a workflow: docker/login-action with GITHUB_TOKEN.",
      ],
    });
  });

  it("warns of a new package too", () => {
    const { lines, warnings } = judged([{ ...anonymous, exists: false, settings: undefined }], true);
    expect(lines).toEqual([
      "ghcr.io/acme/capt: a new package; its source label links it to acme/capt; whether it accepts a push cannot be known here",
    ]);
    expect(warnings).toEqual([expect.stringContaining("Docker has no login for ghcr.io. `up` without a login")]);
  });

  it("stops `up` for a new package too, which would be refused after everything was built", () => {
    const { parts } = refusalOf([{ ...anonymous, exists: false, settings: undefined }]);
    expect(parts).toMatchObject({ code: "CREDENTIALS_MISSING", reason: expect.stringContaining("no login") });
  });

  it("stops `up`, because a push would be refused after everything was built", () => {
    expect(refusalOf([anonymous]).parts).toMatchObject({
      code: "CREDENTIALS_MISSING",
      reason: expect.stringContaining("Docker has no login for ghcr.io"),
      fix: expect.stringContaining("docker login"),
    });
  });
});

describe("judgePushAccess, when a package is not as a public release needs it", () => {
  const page = "https://github.com/orgs/acme/packages/container/capt/settings";
  const landing = "https://github.com/orgs/acme/packages/container/package/capt";

  it("warns that readers of the Release cannot pull a private package", () => {
    const { warnings } = judged([capt({ settings: { visibility: "private", linked: "acme/capt" } })]);
    expect(warnings).toEqual([
      `ghcr.io/acme/capt is private, and the repository is public: readers of the Release cannot pull it. ${page} → Danger Zone → Change visibility → Public`,
    ]);
  });

  it("does not where the repository is private too", () => {
    expect(judged([capt({ settings: { visibility: "private", linked: "acme/capt" } })], false, false).warnings).toEqual(
      [],
    );
  });

  it("names the repository that it is linked to instead", () => {
    const { warnings } = judged([capt({ settings: { visibility: "public", linked: "acme/old" } })]);
    expect(warnings).toEqual([
      `ghcr.io/acme/capt is linked to acme/old, not to acme/capt. ${landing} → link it to acme/capt instead of acme/old (GitHub documents \`Connect repository\` for a package without a link, but no way to change a link). To keep it with acme/old: ${page} → Manage Actions access → Add repository → acme/capt, role Write`,
    ]);
  });

  it("names the switch that links one without a link, on the page that has it", () => {
    const { warnings } = judged([capt({ settings: { visibility: "public", linked: undefined } })]);
    expect(warnings).toEqual([
      `ghcr.io/acme/capt is linked to no repository, not to acme/capt. ${landing} → Connect repository → acme/capt`,
    ]);
  });
});

describe("judgeUnreadable", () => {
  const request = "GET https://ghcr.io/token";
  const unreadable = [
    { repository: "ghcr.io/acme/capt", status: 403, words: "token endpoint: DENIED: denied", request },
  ];

  it("says nothing where all may be", () => {
    expect(judgeUnreadable([], { preview: false })).toEqual([]);
  });

  it("warns in a preview, which a pull request from a fork may run without a login", () => {
    expect(judgeUnreadable(unreadable, { preview: true })).toEqual([
      "What is in ghcr.io/acme/capt cannot be seen with what this run has: token endpoint: DENIED: denied. `up` with this login would be refused: The registry's token service refused: the package is private or does not exist for this login. Check `docker login REGISTRY`, and that the account may read the package.",
    ]);
  });

  it("warns once where all are refused with the same words", () => {
    const others = unreadable.map((one) => ({ ...one, repository: "ghcr.io/acme/other" }));
    expect(judgeUnreadable([...unreadable, ...others], { preview: true })).toEqual([
      expect.stringContaining("What is in ghcr.io/acme/capt, ghcr.io/acme/other cannot be seen"),
    ]);
  });

  it("stops `up`, which could overwrite what is there", () => {
    expect(() => judgeUnreadable(unreadable, { preview: false })).toThrow(/\[CREDENTIALS_REFUSED\]/);
  });

  it.each([
    ["GET https://registry.example.org/token", "token endpoint: incorrect username or password"],
    ["GET https://registry.example.org/v2/acme/capt/manifests/1.0.0", "no words"],
  ])("names docker login where the registry does not know the login: %s", (at, words) => {
    const refused = [{ repository: "registry.example.org/acme/capt", status: 401, words, request: at }];
    expect(judgeUnreadable(refused, { preview: true })).toEqual([expect.stringContaining("docker login REGISTRY")]);
    expect(() => judgeUnreadable(refused, { preview: false })).toThrow(/\[CREDENTIALS_REFUSED\][^]*docker login/);
  });
});
