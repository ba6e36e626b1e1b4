import { join } from "node:path";
import type { Image } from "../../../config/artifact/image.ts";
import type { Lenient } from "../../../config/lenient.ts";
import type { Mistake } from "../../../errors/configuration-error.ts";
import { fileKind } from "../workspace/file-kind.ts";
import type { ArtifactSource } from "./artifact-files.ts";
import { observeSbom } from "./sbom.ts";
import { sourceHash } from "./source-hash.ts";

/** An image is made of its build context and its Dockerfile. */
export const imageSource: ArtifactSource<Lenient<Image>, Image> = {
  check: async (workspace, image, at) => {
    const [build, sbom] = await Promise.all([
      missingBuildFiles(workspace, image, at),
      image.sbom === undefined ? undefined : observeSbom(workspace, image.sbom, at("sbom")),
    ]);
    return sbom === undefined || "sha256" in sbom
      ? { found: { sbom }, mistakes: build }
      : { found: { sbom: undefined }, mistakes: [...build, sbom] };
  },
  hash: (workspace, { context, dockerfile }) =>
    sourceHash({
      context: join(workspace, context),
      dockerfile: join(workspace, dockerfile ?? join(context, "Dockerfile")),
    }),
};

async function missingBuildFiles(
  workspace: string,
  { context = ".", dockerfile = join(context, "Dockerfile") }: Lenient<Image>,
  at: (key: string) => string,
): Promise<Mistake[]> {
  const kind = await fileKind(workspace, context);
  if (kind !== "folder") {
    const reason = kind === "file" ? "is a file, not a folder" : "does not exist";
    return [{ path: at("context"), value: context, reason, example: "`.`" }];
  }
  if ((await fileKind(workspace, dockerfile)) === "file") {
    return [];
  }
  const example = "`Dockerfile` in the context";
  return [{ path: at("dockerfile"), value: dockerfile, reason: "does not exist", example }];
}
