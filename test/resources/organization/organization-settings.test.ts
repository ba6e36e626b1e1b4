import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { OrganizationSettings } from "../../../resources/organization/organization-settings.ts";
import { readOrganization } from "../../../config/organization/organization.ts";

interface Made {
  type: string;
  inputs: Record<string, unknown>;
  /** When it was asked for and when it was there, counted. */
  begin: number;
  end: number;
}

const made = new Map<string, Made>();
let declared: readonly pulumi.Resource[];
const noUpdate = { type: "update", parameters: { update_allows_fetch_and_merge: false } };
const configuration = {
  "lockstep:organization": "acme",
  "lockstep:packages": JSON.stringify({
    rules: [{ match: "*", visibility: "public" }],
    exceptions: { tools: { visibility: "private" } },
  }),
  "lockstep:workflows": JSON.stringify({
    permissions: "read",
    actions: "selected",
    patterns: ["docker/*"],
    pinned: true,
  }),
  "lockstep:immutableTags": JSON.stringify({ tags: ["v*"], bypass: [{ type: "OrganizationAdmin" }] }),
  "lockstep:releaseProtection": JSON.stringify({ reviews: 2, repositories: ["service-*"] }),
  "lockstep:freeze": JSON.stringify({ present: true, name: "holidays", branches: ["main", "~ALL"] }),
  "lockstep:immutableReleases": JSON.stringify(["Widgets", "tools"]),
  "lockstep:repositories": JSON.stringify([
    {
      names: ["widgets", "gadgets"],
      workflows: { permissions: "read", actions: "selected", gitHubOwned: false },
      environments: [{ name: "prod", reviewers: { teams: [12] }, tags: ["v*"], branches: ["main"] }, { name: "open" }],
      oidcSubject: ["repo", "job_workflow_ref"],
      immutableTags: { tags: ["v*"], bypass: [{ type: "OrganizationAdmin" }, { type: "Team", id: 7 }] },
      releaseProtection: { reviews: 2, checks: ["check"] },
      freeze: { present: false },
      immutableReleases: true,
    },
    { names: ["plain"] },
    { names: ["strict"], workflows: { actions: "local_only" } },
    // As grafana/grafana.
    { names: ["acme"], workflows: { permissions: "read", actions: "local_only" } },
  ]),
};

const hooks: string[] = [];
// The SDK's mocks do not know error hooks yet. What one says is seen with the engine; here nothing fails.
Object.assign(MockMonitor.prototype, {
  registerErrorHook(hook: { getName(): string }, done: (error: null, answer: object) => void) {
    hooks.push(hook.getName());
    done(null, {});
  },
});

// Nor do they tell what is retained: it is read from the request.
const retained = new Map<string, boolean>();
const { registerResource } = MockMonitor.prototype;
Object.assign(MockMonitor.prototype, {
  registerResource(this: MockMonitor, ...[request, done]: Parameters<typeof registerResource>) {
    retained.set(request.getName(), request.getRetainondelete());
    return registerResource.call(this, request, done);
  },
});

afterAll(() => vi.unstubAllEnvs());
beforeAll(async () => {
  vi.stubEnv("GITHUB_TOKEN", "ghp_canary");
  let clock = 0;
  await pulumi.runtime.setMocks({
    newResource: async ({ name, type, inputs, custom }) => {
      const begin = clock++;
      // What may run beside each other then overlaps.
      await delay(20);
      if (custom) {
        made.set(made.has(name) ? `${name} of the repository` : name, {
          type,
          inputs: inputs as Made["inputs"],
          begin,
          end: clock++,
        });
      }
      return { id: name, state: inputs as object };
    },
    call: ({ inputs }) => inputs as Record<string, unknown>,
  });
  const { spec } = readOrganization(configuration, {});
  const plan = { ...spec!, writeDelay: 750, baseUrl: "http://127.0.0.1:1/" };
  declared = new OrganizationSettings(plan).settings;
  // Resources of the SDK are registered after the constructor has returned; a stack waits for all of them.
  await pulumi.runtime.disconnect();
}, 20_000);

describe("OrganizationSettings", () => {
  it("is made of what is declared, and of the provider", () => {
    expect(made.size).toBe(declared.length + 1);
  });

  it("gives the token to no resource, so that no state and no preview has it", () => {
    expect(made.get("github")?.inputs).toEqual({ owner: "acme", baseUrl: "http://127.0.0.1:1/", writeDelayMs: "750" });
    expect(JSON.stringify([...made])).not.toContain("ghp_canary");
  });

  it("has one resource for all packages, and one for each exception", () => {
    expect(made.get("packages/acme")?.inputs).toMatchObject({
      organization: "acme",
      rules: [{ match: "*", visibility: "public" }],
      exceptions: ["tools"],
      verdict: "as declared",
    });
    expect(made.get("package/acme/tools")?.inputs).toMatchObject({ name: "tools", visibility: "private" });
  });

  it("touches nothing of a repository that says nothing", () => {
    expect([...made.keys()].filter((name) => name.includes("plain"))).toEqual([]);
  });

  it("gives each repository the same settings under its own name", () => {
    const of = (repository: string) =>
      [...made.keys()].filter((name) => name.includes(repository)).map((name) => name.replace(repository, "…"));
    expect(of("widgets")).toEqual(of("gadgets"));
    expect(of("widgets").toSorted()).toEqual([
      "actions/…",
      "environment/…/open",
      "environment/…/prod",
      "environment/…/prod/branch/main",
      "environment/…/prod/tag/v*",
      "freeze/acme/…",
      "immutable-releases/acme/…",
      "immutable-tags/acme/…",
      "oidc-subject/…",
      "release-protection/acme/…",
      "workflow-permissions/…",
    ]);
  });

  it("lets workflows read, and nothing else", () => {
    expect(made.get("workflow-permissions/widgets")?.inputs).toEqual({
      repository: "widgets",
      defaultWorkflowPermissions: "read",
      canApprovePullRequestReviews: false,
    });
  });

  it("says which actions may run only where they are selected", () => {
    const selected = { githubOwnedAllowed: true, verifiedAllowed: false, patternsAlloweds: ["docker/*"] };
    expect(made.get("actions/acme")?.inputs).toMatchObject({
      allowedActions: "selected",
      shaPinningRequired: true,
      allowedActionsConfig: selected,
    });
    expect(made.get("actions/widgets")?.inputs["allowedActionsConfig"]).toEqual({
      githubOwnedAllowed: false,
      verifiedAllowed: false,
      patternsAlloweds: [],
    });
    expect(made.get("actions/strict")?.inputs).toEqual({
      repository: "strict",
      enabled: true,
      allowedActions: "local_only",
    });
  });

  it("gives each a hook of its own, also to a repository that is named like its organization", () => {
    expect(hooks.length).toBeGreaterThan(10);
    expect(hooks.filter((name, at) => hooks.indexOf(name) !== at)).toEqual([]);
  });

  it("touches no setting that is left out", () => {
    expect(made.has("workflow-permissions/strict")).toBe(false);
  });

  it("forbids to move or delete a version tag, and not to make one", () => {
    expect(made.get("immutable-tags/acme/widgets")?.inputs).toMatchObject({
      repository: "acme/widgets",
      name: "immutable tags",
      present: true,
      target: "tag",
      enforcement: "active",
      bypass: [
        { type: "OrganizationAdmin", id: null },
        { type: "Team", id: 7 },
      ],
      refs: ["refs/tags/v*"],
      rules: [noUpdate, { type: "deletion" }, { type: "non_fast_forward" }],
    });
  });

  it("asks for reviews and checks on the default branch", () => {
    expect(made.get("release-protection/acme/widgets")?.inputs).toMatchObject({
      refs: ["~DEFAULT_BRANCH"],
      rules: [
        { type: "deletion" },
        { type: "non_fast_forward" },
        { type: "pull_request", parameters: { required_approving_review_count: 2 } },
        {
          type: "required_status_checks",
          parameters: {
            required_status_checks: [{ context: "check" }],
            strict_required_status_checks_policy: true,
            do_not_enforce_on_create: false,
          },
        },
      ],
    });
  });

  it("lifts a freeze that is not present", () => {
    expect(made.get("freeze/acme/widgets")?.inputs).toMatchObject({
      name: "release freeze",
      present: false,
      rules: [{ type: "creation" }, noUpdate, { type: "deletion" }],
    });
  });

  it("opens an environment to the named refs alone, or to all", () => {
    expect(made.get("environment/widgets/prod")?.inputs).toMatchObject({
      reviewers: [{ teams: [12], users: [] }],
      preventSelfReview: true,
      deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
    });
    expect(made.get("environment/widgets/open")?.inputs).not.toHaveProperty("deploymentBranchPolicy");
  });
});

describe("OrganizationSettings, when something leaves the configuration", () => {
  it.each([
    ["workflow-permissions/widgets", true],
    ["environment/widgets/prod", true],
    ["environment/widgets/prod/tag/v*", false],
    ["environment/widgets/prod/branch/main", false],
    ["freeze/acme/widgets", false],
    ["immutable-tags/acme", false],
  ])("says of %s whether it stays: %j", (name, stays) => {
    expect(retained.get(name)).toBe(stays);
  });
});

describe("OrganizationSettings, when something is declared of the whole organization", () => {
  it("has one resource for each, under the organization's own name", () => {
    const names = [...made.keys()].filter((name) => name.endsWith("/acme"));
    expect(names.toSorted()).toEqual([
      "actions/acme",
      "freeze/acme",
      "immutable-releases/acme",
      "immutable-tags/acme",
      "packages/acme",
      "release-protection/acme",
      "workflow-permissions/acme",
    ]);
  });

  it("means the same as in a repository's entry, for all repositories or those that are named", () => {
    const { type, inputs } = made.get("immutable-tags/acme") ?? {};
    expect([type, inputs]).toEqual([
      "pulumi-nodejs:dynamic/lockstep:OrganizationRuleset",
      expect.objectContaining({
        kind: "organization-ruleset",
        organization: "acme",
        repositories: ["~ALL"],
        name: "immutable tags",
        present: true,
        target: "tag",
        enforcement: "active",
        refs: ["refs/tags/v*"],
        bypass: [{ type: "OrganizationAdmin", id: null }],
        rules: [noUpdate, { type: "deletion" }, { type: "non_fast_forward" }],
      }),
    ]);
    expect(made.get("release-protection/acme")?.inputs).toMatchObject({
      organization: "acme",
      repositories: ["service-*"],
      refs: ["~DEFAULT_BRANCH"],
      rules: [
        { type: "deletion" },
        { type: "non_fast_forward" },
        { type: "pull_request", parameters: { required_approving_review_count: 2 } },
      ],
    });
    expect(made.get("freeze/acme")?.inputs).toMatchObject({
      name: "holidays",
      present: true,
      repositories: ["~ALL"],
      refs: ["refs/heads/main", "~ALL"],
      rules: [{ type: "creation" }, noUpdate, { type: "deletion" }],
    });
  });

  it("keeps a repository's own kind and inputs as they were", () => {
    const { type, inputs } = made.get("immutable-tags/acme/widgets") ?? {};
    expect([type, inputs?.["kind"], inputs !== undefined && "repositories" in inputs]).toEqual([
      "pulumi-nodejs:dynamic/lockstep:Ruleset",
      "ruleset",
      false,
    ]);
  });

  it("names whose Releases are immutable", () => {
    expect(made.get("immutable-releases/acme")).toMatchObject({
      type: "pulumi-nodejs:dynamic/lockstep:OrganizationImmutableReleases",
      inputs: { organization: "acme", enforced: "selected", repositories: ["Widgets", "tools"] },
    });
  });

  it("tells a repository's own setting whether the organization asks for it, whatever the case of letters", () => {
    const asked = (name: string) => made.get(`immutable-releases/acme/${name}`)?.inputs["ownerAsks"];
    expect([asked("widgets"), asked("gadgets")]).toEqual([true, false]);
  });

  it.each(["widgets", "gadgets"])("sets the organization's before the one of %s", (name) => {
    const [first, second] = [made.get("immutable-releases/acme"), made.get(`immutable-releases/acme/${name}`)];
    expect(first?.end).toBeLessThan(second?.begin ?? -1);
  });

  it("sets rulesets beside each other, as GitHub applies all of them", () => {
    const [first, second] = [made.get("immutable-tags/acme"), made.get("immutable-tags/acme/widgets")];
    expect(first?.begin).toBeLessThan(second?.end ?? -1);
    expect(second?.begin).toBeLessThan(first?.end ?? -1);
  });
});
