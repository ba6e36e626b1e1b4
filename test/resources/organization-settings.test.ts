import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { OrganizationSettings } from "../../resources/organization-settings.ts";
import { readOrganization } from "../../spec/organization.ts";

interface Made {
  type: string;
  inputs: Record<string, unknown>;
}

const made = new Map<string, Made>();
let declared: readonly pulumi.Resource[];
const configuration = {
  "lockstep:organization": "acme",
  "lockstep:packages": JSON.stringify({
    rules: [{ match: "*", visibility: "public" }],
    exceptions: { tools: { visibility: "private" } },
  }),
  "lockstep:workflows": JSON.stringify({ actions: "selected", patterns: ["docker/*"] }),
  "lockstep:repositories": JSON.stringify([
    {
      names: ["widgets", "gadgets"],
      workflows: {},
      environments: [{ name: "prod", reviewers: { teams: [12] }, tags: ["v*"] }, { name: "open" }],
      oidcSubject: ["repo", "job_workflow_ref"],
      immutableTags: { tags: ["v*"], bypass: [{ type: "OrganizationAdmin" }, { type: "Team", id: 7 }] },
      releaseProtection: { reviews: 2, checks: ["check"] },
      freeze: { present: false },
      immutableReleases: true,
    },
    { names: ["plain"] },
  ]),
};

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, type, inputs, custom }) => {
      if (custom) made.set(name, { type, inputs: inputs as Made["inputs"] });
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

describe("when an organization's settings become a graph", () => {
  it("is made of what is declared, and of the provider", () => {
    expect(made.size).toBe(declared.length + 1);
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

  it("names the actions that may run only where they are selected", () => {
    expect(made.get("actions/widgets")?.inputs).not.toHaveProperty("allowedActionsConfig");
    expect(made.get("actions/acme")?.inputs["allowedActionsConfig"]).toEqual({
      githubOwnedAllowed: true,
      verifiedAllowed: false,
      patternsAlloweds: ["docker/*"],
    });
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
      rules: [{ type: "update" }, { type: "deletion" }, { type: "non_fast_forward" }],
    });
  });

  it("asks for reviews and checks on the default branch", () => {
    expect(made.get("release-protection/acme/widgets")?.inputs).toMatchObject({
      refs: ["~DEFAULT_BRANCH"],
      rules: [
        { type: "deletion" },
        { type: "non_fast_forward" },
        { type: "pull_request", parameters: { required_approving_review_count: 2 } },
        { type: "required_status_checks", parameters: { required_status_checks: [{ context: "check" }] } },
      ],
    });
  });

  it("lifts a freeze that is not present", () => {
    expect(made.get("freeze/acme/widgets")?.inputs).toMatchObject({
      name: "release freeze",
      present: false,
      rules: [{ type: "update" }],
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
