import type { Mistake } from "../../errors/configuration-error.ts";
import { defaultTagPattern, mayShareTag } from "../../formats/release/tag-pattern.ts";
import { artifactLists } from "../artifact/artifact-kinds.ts";
import { countWritten } from "./chart-set.ts";
import type { Outline } from "./outline.ts";
import { pinMistakes } from "./pin-consistency.ts";

type PathOf = (path: readonly PropertyKey[]) => string;

/**
 * Finds mistakes that no single key makes: things that appear twice, units that release nothing or have no name, SBOMs that would not be
 * signed.
 * @param value the long form as it was written
 * @param pathOf a place in it as the user wrote it
 */
export function inconsistencies(value: Record<string, unknown>, outline: Outline, pathOf: PathOf): Mistake[] {
  return [
    ...conflicts(outline, pathOf),
    ...empties(value, pathOf),
    ...unsignedSboms(outline, pathOf),
    ...pinMistakes(outline, pathOf),
  ];
}

/** Finds what two units cannot both have: names, repositories and git tags. */
export function conflicts(outline: Outline, pathOf: PathOf): Mistake[] {
  return [...duplicates(outline, pathOf), ...sharedTags(outline, pathOf)];
}

/** Names and repositories that appear twice. One repository per artifact: two would overwrite each other's version tag. */
function duplicates(outline: Outline, pathOf: PathOf): Mistake[] {
  const unitNames = outline.units.map((unit, index) => ({ key: unit.name, path: ["units", index, "name"] }));
  const artifacts = outline.units.flatMap(({ artifacts: own }, index) =>
    own.map((artifact) => ({ ...artifact, path: ["units", index, ...artifact.place] })),
  );
  const repositories = artifacts.map(({ ociRepository, path }) => ({
    key: ociRepository,
    path: [...path, "repository"],
  }));
  // A default name that comes from a repository which appears twice is not a mistake of its own.
  const names = artifacts.map(({ name, ociRepository, written, path }, index) => {
    const again = repositories.findIndex(({ key }) => key === ociRepository) < index;
    return { key: written.name === undefined && again ? undefined : name, path: [...path, "name"] };
  });
  return [
    ...twice(unitNames, "is also the name of another unit", "another name"),
    ...twice(names, "is also the name of another artifact", "`name: app-worker`"),
    ...twice(repositories, "is also the repository of another artifact", "one repository for each artifact"),
  ];

  function twice(
    items: { key: string | undefined; path: PropertyKey[] }[],
    reason: string,
    example: string,
  ): Mistake[] {
    const seen = new Set<string>();
    return items.flatMap(({ key, path }) => {
      if (key === undefined) {
        return [];
      }
      if (!seen.has(key)) {
        seen.add(key);
        return [];
      }
      return [{ path: pathOf(path), value: key, reason, example }];
    });
  }
}

/** Git tags that would be versions of two units, by the patterns that they have in the end. Wrong patterns are mistakes of their own. */
function sharedTags({ units }: Outline, pathOf: PathOf): Mistake[] {
  const written = countWritten(units);
  const patterns = units.map(({ name, tags }, index) => {
    const pattern = tags?.git ?? (written > 1 && name === undefined ? "" : defaultTagPattern(written, name));
    return { name, pattern, path: pathOf(["units", index, "tags", "git"]) };
  });
  return patterns.flatMap(({ name, pattern, path }, index) => {
    const earlier = patterns.slice(0, index).filter((one) => name === undefined || one.name !== name);
    const other = earlier.find((one) => mayShareTag(one.pattern, pattern));
    if (other === undefined || [pattern, other.pattern].some((one) => one.split("{version}").length !== 2)) {
      return [];
    }
    const reason = `matches tags that ${other.path} (\`${other.pattern}\`) also matches: one tag would be versions of two units`;
    return [{ path, value: pattern, reason, example: `\`${name ?? "app"}/{version}\`` }];
  });
}

/** A unit without artifact and asset would be a Release of nothing; several units need names. */
function empties(value: Record<string, unknown>, pathOf: PathOf): Mistake[] {
  if (!Array.isArray(value["units"])) {
    return [];
  }
  const units: unknown[] = value["units"];
  if (units.length === 0 && value["charts"] === undefined) {
    const example = '`[{"name": "app", "images": [{"repository": "ghcr.io/acme/app"}], "signing": "off"}]`';
    return [{ path: pathOf(["units"]), value: units, reason: "must have at least one unit", example }];
  }
  return units.flatMap((unit, index) => {
    if (unit === null || typeof unit !== "object") {
      return [];
    }
    const path = pathOf(["units", index]) || "configuration";
    const isEmpty = (key: string): boolean => {
      const list = (unit as Record<string, unknown>)[key];
      return list === undefined || (Array.isArray(list) && list.length === 0);
    };
    return [
      ...([...Object.keys(artifactLists), "assets"].every(isEmpty)
        ? [
            {
              path,
              reason: "releases nothing: it has no images, charts or assets",
              example: "`image: ghcr.io/acme/app`",
            },
          ]
        : []),
      ...(units.length > 1 && !("name" in unit)
        ? [{ path: pathOf(["units", index, "name"]), reason: "is missing: several units need names", example: "app" }]
        : []),
    ];
  });
}

/** Anyone who can push can attach an SBOM: without a signature it proves nothing. */
function unsignedSboms(outline: Outline, pathOf: PathOf): Mistake[] {
  return outline.units.flatMap(({ signing, artifacts }, unit) =>
    (signing === "off" ? artifacts : []).flatMap(({ written, place }) => {
      const sbom = "sbom" in written ? written.sbom : undefined;
      if (sbom === undefined) {
        return [];
      }
      return [
        {
          path: pathOf(["units", unit, ...place, "sbom"]),
          value: sbom,
          reason: "would not be signed (`signing: off`), and an unsigned SBOM proves nothing",
          example: "`signing` with the workflow that signs, or the SBOM as one of the `assets`",
        },
      ];
    }),
  );
}
