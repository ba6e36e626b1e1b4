import { ApiError, notFound } from "../api/api-error.ts";
import { page } from "../api/call.ts";
import type { Call, Reply, RepositoryCall, Route } from "../api/call.ts";
import { instant } from "../store/git-repository.ts";
import { enforcedOn, rulesetsOf } from "./rules-enforcement.ts";
import type { SourcedRuleset } from "./rules-enforcement.ts";
import { rulesetFields } from "./ruleset-body.ts";
import { bypassOf } from "./ruleset-bypass.ts";
import { rulesetPayload, rulesetSummary } from "./ruleset-payload.ts";
import { metadata, writeOrganization, writeSettings } from "../api/settings-needs.ts";
import type { OrganizationSettings, RulesetRecord } from "../store/settings-store.ts";
import { mayDo } from "../api/token.ts";
import type { Place } from "../api/token.ts";

/** The rulesets of one repository or organization, for an authorized caller. */
interface Shelf {
  level: "repository" | "organization";
  plan: OrganizationSettings["plan"];
  /** Its own, changed in place. */
  own: RulesetRecord[];
  source: string;
  /** All that apply to it. */
  all: readonly SourcedRuleset[];
  place: Place;
}

const repositoryPath = "/repos/{owner}/{repo}/rulesets";
const organizationPath = "/orgs/{org}/rulesets";

/** Rulesets of repositories and organizations (https://docs.github.com/rest/repos/rules, https://docs.github.com/rest/orgs/rules). */
export const rulesetRoutes: readonly Route[] = [
  ...(
    [
      ["GET", "", list],
      ["POST", "", create],
      ["GET", "/{ruleset_id}", get],
      ["PUT", "/{ruleset_id}", update],
      ["DELETE", "/{ruleset_id}", remove],
    ] as const
  ).flatMap(([method, path, run]): Route[] => [
    {
      method,
      path: repositoryPath + path,
      access: method === "GET" ? "read" : "write",
      needs: method === "GET" ? metadata : writeSettings,
      run: (call: RepositoryCall) => run(call, repositoryShelf(call)),
    },
    {
      method,
      path: organizationPath + path,
      access: "anyone",
      needs: writeOrganization,
      run: (call) => run(call, organizationShelf(call)),
    },
  ]),
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/rules/branches/{branch}",
    access: "read",
    needs: metadata,
    async run(call) {
      const { settings, repository, params } = call;
      refuseFreePlan(call);
      const rules = enforcedOn(settings, repository.record, `refs/heads/${params["branch"] ?? ""}`).flatMap(
        ({ ruleset, sourceType, source }) =>
          ruleset.rules.map((rule) => ({
            ...rule,
            ruleset_source_type: sourceType,
            ruleset_source: source,
            ruleset_id: ruleset.id,
          })),
      );
      const { items, headers } = page(rules, call);
      return { status: 200, json: items, headers };
    },
  },
];

function repositoryShelf(call: RepositoryCall): Shelf {
  const { settings, repository, fullName, query } = call;
  refuseFreePlan(call);
  const all = rulesetsOf(settings, repository.record);
  return {
    level: "repository",
    plan: settings.organization(repository.record.owner).plan,
    own: settings.repository(fullName).rulesets,
    source: fullName,
    all: query.get("includes_parents") === "false" ? all.filter(({ source }) => source === fullName) : all,
    place: { owner: repository.record.owner, name: repository.record.name },
  };
}

/** Rulesets of private repositories require a plan (https://github.com/github/branch-deploy/pull/345). */
function refuseFreePlan({ settings, repository: { record } }: RepositoryCall): void {
  if (record.private && settings.organization(record.owner).plan === "free") {
    throw new ApiError(403, "Upgrade to GitHub Pro or make this repository public to enable this feature.");
  }
}

function organizationShelf({ settings, params }: Call): Shelf {
  const source = params["org"] ?? "";
  const { plan, rulesets } = settings.organization(source);
  if (plan === "free") {
    // "… GitHub Enterprise …" until GitHub Team also had them (https://github.com/FociSolutions/github-foundations/issues/73).
    throw new ApiError(403, "Upgrade to GitHub Team to enable this feature.");
  }
  const all = rulesets.map((ruleset) => ({ ruleset, sourceType: "Organization", source }) as const);
  return { level: "organization", plan, own: rulesets, source, all, place: { owner: source } };
}

async function list(call: Call, { all }: Shelf): Promise<Reply> {
  const wanted = call.query.get("targets")?.split(",");
  const fitting = all.filter(({ ruleset }) => wanted === undefined || wanted.includes(ruleset.target));
  const { items, headers } = page(fitting, call);
  return { status: 200, json: items.map((sourced) => rulesetSummary(sourced, call.links)), headers };
}

async function get(call: Call, shelf: Shelf): Promise<Reply> {
  const found = shelf.all.find(({ ruleset }) => ruleset.id === Number(call.params["ruleset_id"]));
  if (found === undefined) {
    throw notFound();
  }
  return { status: 200, json: shown(call, shelf, found) };
}

async function create(call: Call, shelf: Shelf): Promise<Reply> {
  // Before the check, so that of two requests at once one is refused.
  const id = await call.store.nextId();
  const fields = rulesetFields(call.body, { ...shelf, rulesets: shelf.own, known: undefined });
  const ruleset: RulesetRecord = { id, ...fields, createdAt: now(), updatedAt: now() };
  shelf.own.push(ruleset);
  await call.settings.save();
  return { status: 201, json: shown(call, shelf, sourcedIn(shelf, ruleset)) };
}

async function update(call: Call, shelf: Shelf): Promise<Reply> {
  const ruleset = ownRuleset(call, shelf);
  const fields = rulesetFields(call.body, { ...shelf, rulesets: shelf.own, known: ruleset });
  Object.assign(ruleset, fields, { updatedAt: now() });
  await call.settings.save();
  return { status: 200, json: shown(call, shelf, sourcedIn(shelf, ruleset)) };
}

async function remove(call: Call, shelf: Shelf): Promise<Reply> {
  shelf.own.splice(shelf.own.indexOf(ownRuleset(call, shelf)), 1);
  await call.settings.save();
  return { status: 204 };
}

/** Finds the ruleset of the path, if it was set at this level: an organization's ruleset is not changed through a repository. */
function ownRuleset({ params }: Call, { own }: Shelf): RulesetRecord {
  const found = own.find(({ id }) => id === Number(params["ruleset_id"]));
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function sourcedIn({ level, source }: Shelf, ruleset: RulesetRecord): SourcedRuleset {
  return { ruleset, sourceType: level === "organization" ? "Organization" : "Repository", source };
}

function shown(call: Call, { place }: Shelf, sourced: SourcedRuleset): Record<string, unknown> {
  const needs = sourced.sourceType === "Organization" ? writeOrganization : writeSettings;
  const at = sourced.sourceType === "Organization" ? { owner: place.owner } : place;
  const mayWrite = call.account !== undefined && mayDo(call.account.token, needs, at);
  return rulesetPayload(sourced, call.links, { mayWrite, bypass: bypassOf(call, sourced.ruleset, place) });
}

function now(): string {
  return instant(Math.floor(Date.now() / 1000));
}
