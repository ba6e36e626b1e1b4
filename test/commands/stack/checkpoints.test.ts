import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chooseCheckpoints } from "../../../commands/stack/checkpoints.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-checkpoints-"));
});
afterAll(() => rm(folder, { recursive: true }));

const skipped = { PULUMI_SKIP_CHECKPOINTS: "true" };

it.each([
  ["of a release", "config:\n  lockstep:repository: acme/app\n", {}, skipped],
  ["of an organization", "config:\n  lockstep:organization: acme\n", {}, {}],
  ["that is not YAML", "config: [", {}, {}],
  ["that is empty", "", {}, {}],
  ["of a release, if the user has chosen", "config: {}\n", { PULUMI_SKIP_CHECKPOINTS: "false" }, {}],
])("chooses for a file %s", async (_, text, environment, expected) => {
  const file = join(folder, "Pulumi.prod.yaml");
  await writeFile(file, text);
  expect(await chooseCheckpoints(file, environment)).toEqual(expected);
});

it("leaves the choice to Pulumi if there is no file", async () => {
  expect(await chooseCheckpoints(join(folder, "none.yaml"), {})).toEqual({});
});
