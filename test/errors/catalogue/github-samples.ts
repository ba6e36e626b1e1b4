import { api } from "./sample.ts";
import type { Sample } from "./sample.ts";

const byIntegration = "403 Resource not accessible by integration";
const byPersonalToken = "403 Resource not accessible by personal access token";

/** To requests for releases, tags and packages. */
export const releaseSamples: readonly Sample[] = [
  [
    "RATE_LIMITED",
    /Wait/,
    "403 You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  ],
  ["RATE_LIMITED", /Wait/, "403 API rate limit exceeded for installation ID 1234."],
  ["CREDENTIALS_REFUSED", /GITHUB_TOKEN/, "401 Bad credentials"],
  ["CREDENTIALS_REFUSED", /GITHUB_TOKEN/, "401 Requires authentication"],
  ["CREDENTIALS_REFUSED", /GITHUB_TOKEN/, "401 Unauthorized", `GET ${api}/repos/acme/app`],
  ["DENIED", /contents: write/, byIntegration],
  ["DENIED", /contents: write/, byPersonalToken],
  ["DENIED", /contents: write/, byIntegration, `POST ${api}/repos/acme/app/releases`],
  ["DENIED", /read:packages/, "400 Invalid argument."],
  ["DENIED", /read:packages/, "403 You need at least read:packages scope to list packages."],
  ["DENIED", /read:packages/, byPersonalToken, `GET ${api}/orgs/acme/packages`],
  ["DENIED", /read:packages/, byIntegration, `GET ${api}/users/kim/packages`],
  ["DENIED", /read:packages/, byPersonalToken, `GET ${api}/orgs/acme/packages/container/app`],
  ["NOT_FOUND", /Check the name/, "404 Package not found.", `GET ${api}/orgs/acme/packages/container/app`],
  ["DENIED", /role Admin/, "403 Must have admin rights to Package."],
  ["RELEASE_IMMUTABLE", /next one/, "422 Cannot upload assets to an immutable release."],
  [
    "RELEASE_IMMUTABLE",
    /next one/,
    "422 tag_name was used by an immutable release; pre_receive Repository rule violations found",
  ],
  ["REFUSED_BY_RULE", /Rulesets/, "422 Reference update failed"],
  [
    "REFUSED_BY_RULE",
    /Rulesets/,
    "422 pre_receive Repository rule violations found: Cannot create ref due to creations being restricted.",
  ],
];

/** To requests for the settings of organizations and repositories. */
export const settingsSamples: readonly Sample[] = [
  ["NOT_FOUND", /member of the organization/, "404 Not Found", `GET ${api}/orgs/acme/packages`],
  ["NOT_FOUND", /Check the name/, "404 Not Found", `GET ${api}/repos/acme/app/rulesets`],
  ["NOT_FOUND", /owner of the organization/, "404 Not Found", `GET ${api}/orgs/acme/rulesets`],
  ["NOT_FOUND", /owner of the organization/, "404 Not Found", `GET ${api}/orgs/acme/settings/immutable-releases`],
  ["DENIED", /admin:org/, "404 Not Found", `GET ${api}/orgs/acme/actions/permissions`],
  ["DENIED", /admin:org/, byIntegration, `PUT ${api}/orgs/acme/actions/permissions/workflow`],
  ["DENIED", /admin:org/, byIntegration, `POST ${api}/orgs/acme/rulesets`],
  ["DENIED", /admin:org/, byPersonalToken, `PUT ${api}/orgs/acme/settings/immutable-releases`],
  [
    "DENIED",
    /below `repositories`/,
    "403 Upgrade to GitHub Team to enable this feature.",
    `GET ${api}/orgs/acme/rulesets`,
  ],
  [
    "DENIED",
    /below `repositories`/,
    "403 Upgrade to GitHub Enterprise to enable this feature.",
    `GET ${api}/orgs/acme/rulesets`,
  ],
  [
    "CONFIGURATION",
    /organization Settings/,
    "422 Validation Failed: Only 75 rulesets are allowed",
    `POST ${api}/orgs/acme/rulesets`,
  ],
  ["DENIED", /`Administration: write`/, byIntegration, `PUT ${api}/repos/acme/app/actions/permissions/workflow`],
  ["DENIED", /`Actions: write`/, byPersonalToken, `PUT ${api}/repos/acme/app/actions/oidc/customization/sub`],
  ["DENIED", /Administration: write/, "403 Must have admin rights to Repository."],
  [
    "DENIED",
    /Make the repository public/,
    "403 Upgrade to GitHub Pro or make this repository public to enable this feature.",
  ],
  ["DENIED", /upgrade the plan/, "403 Upgrade to GitHub Team to enable this feature."],
  ["DENIED", /upgrade the plan/, "403 Upgrade to GitHub Enterprise to enable this feature."],
  [
    "REFUSED_BY_RULE",
    /Settings → Environments/,
    "303 location <nil>",
    `POST ${api}/repos/acme/app/environments/prod/deployment-branch-policies`,
  ],
  ["REFUSED_BY_RULE", /Actions → General/, "409 Conflict", `PUT ${api}/repos/acme/app/actions/permissions/workflow`],
  ["REFUSED_BY_RULE", /Organization Settings/, "409 Conflict", `DELETE ${api}/repos/acme/app/immutable-releases`],
  ["UNEXPECTED", /report/, "409 Conflict", `PUT ${api}/repos/acme/app/topics`],
  ["CONFIGURATION", /repository Settings/, "422 Validation Failed: Only 75 rulesets are allowed"],
  ["CONFIGURATION", /Run it again/, "422 Validation Failed: Name must be unique"],
  [
    "CONFIGURATION",
    /enforcement: active/,
    "422 Validation Failed: Enforcement evaluate is available with GitHub Enterprise only",
  ],
  [
    "CONFIGURATION",
    /first rule/,
    "422 Invalid request. Invalid property /rules/0: data matches no possible input. See `documentation_url`.",
  ],
  ["CONFIGURATION", /rest\/repos\/rules/, "422 Invalid request. Invalid property /bypass_actors: data cannot be null."],
  ["CONFIGURATION", /rest\/repos\/rules/, "422 Validation Failed: Invalid rule 'branch_name_pattern': "],
  [
    "CONFIGURATION",
    /rest\/repos\/rules/,
    "422 Invalid request. Invalid property /conditions: data matches no possible input. See `documentation_url`.",
    `POST ${api}/orgs/acme/rulesets`,
  ],
];
