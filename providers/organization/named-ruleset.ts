import { isDeepStrictEqual } from "node:util";
import { createRuleset, deleteRuleset, replaceRuleset, rulesetNamed } from "../../clients/github/settings/rulesets.ts";
import type { Ruleset } from "../../clients/github/settings/rulesets.ts";
import { isGone } from "../../clients/github/settings/settings-place.ts";
import type { SettingsPlace } from "../../clients/github/settings/settings-place.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import type { Provider } from "../host/provider.ts";
import { toRulesetInputs, makeRulesetContent } from "./ruleset-content.ts";
import type { RulesetDeclaration } from "./ruleset-declaration.ts";

/**
 * Makes a provider of rulesets for any place. A ruleset is identified by its name; an existing one is brought into line, never duplicated,
 * and `present` says whether it exists. When its repository or organization is gone, so is the ruleset: there is nothing to read or
 * to remove, and setting one is an error.
 * @param placeOf reads the place from the inputs
 */
export function makeRulesetProvider<Inputs extends RulesetDeclaration>(
  placeOf: (inputs: Inputs) => SettingsPlace,
): Required<Pick<Provider<Inputs, Record<string, never>>, "read" | "reconcile" | "remove">> {
  return {
    async read(inputs) {
      const found = await findRuleset(placeOf(inputs), inputs.name);
      if (found === "no place") {
        return undefined;
      }
      return {
        inputs: found === undefined ? { ...inputs, present: false } : toRulesetInputs(found, inputs),
        outputs: {},
      };
    },
    async reconcile(inputs) {
      if (inputs.present) {
        await bringIntoLine(placeOf(inputs), inputs);
      } else {
        await removeRuleset(placeOf(inputs), await rulesetNamed(placeOf(inputs), inputs.name));
      }
      return {};
    },
    async remove(inputs) {
      const found = await findRuleset(placeOf(inputs), inputs.name);
      if (found !== "no place") {
        await removeRuleset(placeOf(inputs), found);
      }
    },
  };
}

/** Tries while others write at the same time. */
const tries = 5;

async function bringIntoLine(place: SettingsPlace, inputs: RulesetDeclaration): Promise<void> {
  const content = makeRulesetContent(inputs);
  let found = await rulesetNamed(place, inputs.name);
  for (let left = tries; !(found && isDeepStrictEqual(toRulesetInputs(found, inputs), inputs)); left--) {
    try {
      await (found ? replaceRuleset(place, found.id, content) : createRuleset(place, content));
      return;
    } catch (error) {
      if (left === 1 || !isOvertaken(error)) {
        throw error;
      }
      const now = await rulesetNamed(place, inputs.name);
      if (now?.id === found?.id) {
        throw error;
      }
      found = now;
    }
  }
}

/** Between read and write, another writer created a ruleset of this name (422), or removed it (404). */
function isOvertaken(error: unknown): boolean {
  if (!(error instanceof ServerRefusal)) {
    return false;
  }
  return error.status === 404 || (error.status === 422 && /must be unique/i.test(error.words));
}

async function removeRuleset(place: SettingsPlace, found: Ruleset | undefined): Promise<void> {
  if (found) {
    await deleteRuleset(place, found.id);
  }
}

/** Finds the ruleset of a name; `no place` if its repository or organization does not exist. */
async function findRuleset(place: SettingsPlace, name: string): Promise<Ruleset | "no place" | undefined> {
  try {
    return await rulesetNamed(place, name);
  } catch (error) {
    if (await isGone(place, error)) {
      return "no place";
    }
    throw error;
  }
}
