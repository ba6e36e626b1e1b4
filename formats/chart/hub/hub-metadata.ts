import { z } from "zod";
import { parse } from "yaml";
import { describeFirstMistake } from "../../checked-json.ts";

/** The keys of artifacthub-repo.yml that Artifact Hub reads. Source: artifacthub/hub, docs/metadata/artifacthub-repo.yml. */
const HubMetadata = z
  .looseObject(
    {
      repositoryID: z.guid({ error: "is not an id as Artifact Hub shows it (a UUID)" }).optional(),
      owners: z
        .array(
          z.looseObject(
            { name: z.string({ error: "must be a text" }).optional(), email: z.email({ error: "is not an address" }) },
            { error: "must have `email`, and may have `name`" },
          ),
          { error: "must be a list" },
        )
        .optional(),
    },
    { error: "is not a map of keys and values" },
  )
  .refine(({ repositoryID, owners = [] }) => repositoryID !== undefined || owners.length > 0, {
    error: "has neither `repositoryID` nor `owners`, so it claims nothing",
  });

/**
 * Why a text is not metadata of a repository at Artifact Hub.
 * @param text of artifacthub-repo.yml
 * @returns undefined if it is
 */
export function findHubMistake(text: string): string | undefined {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const [first] = (error as Error).message.split("\n", 1);
    return `is not YAML: ${first?.replace(/:$/, "")}`;
  }
  const { error } = HubMetadata.safeParse(value);
  return error && describeFirstMistake(error);
}
