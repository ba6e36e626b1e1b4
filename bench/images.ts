import { join, relative } from "node:path";
import { temporarySandbox } from "../test/sandbox/temporary-sandbox.ts";
import { makeProject } from "../test/support/project.ts";
import { buildingProgram, writeProgram } from "./program.ts";
import { succeeded } from "./release-run.ts";
import { median, table, timed } from "./table.ts";

const images = 20;
const rounds = 3;

/**
 * Measures a first `up` of one unit with 20 images, one platform each, signed with provenance, tagged and released. It compares that with
 * a program that only builds and pushes the same 20 images.
 * @returns a table in Markdown
 */
export async function twentyImages(): Promise<string> {
  const { sandbox, forget } = await temporarySandbox({ builder: true });
  try {
    const names = Array.from({ length: images }, (_, at) => `app-${at}`);
    const times = { floor: [] as number[], release: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      const registry = `${sandbox.addresses.registry}/acme`;
      const clone = join(sandbox.folder, "work", `bench-${round}`, "clone");
      const project = await makeProject(sandbox, `bench-${round}`, {
        image: undefined,
        images: names.map((name) => ({ name, repository: `${registry}/${round}-${name}`, platforms: ["linux/amd64"] })),
        signing: {
          issuer: sandbox.sigstore.issuer,
          workflow: "acme/widgets/.github/workflows/release.yml",
          refs: "refs/heads/main",
        },
        sigstore: {
          trustedRoot: relative(clone, sandbox.sigstore.trustedRoot),
          signingConfig: relative(clone, sandbox.sigstore.signingConfig),
        },
      });
      sandbox.sigstore.identity.set({
        repository: project.fullName,
        job_workflow_ref: "acme/widgets/.github/workflows/release.yml@refs/heads/main",
      });
      await project.write({ "greeting.txt": `round ${round}\n` });
      await project.commit("v1.0.0");
      const floor = await makeProject(sandbox, `floor-${round}`);
      await floor.commit();
      await floor.prepare();
      await project.prepare();
      const program = await writeProgram(
        join(sandbox.folder, `floor-program-${round}`),
        buildingProgram(
          floor.folder,
          names.map((name) => ({ repository: `${registry}/floor-${round}-${name}`, platform: "linux/amd64" })),
        ),
      );
      times.floor.push(await timed(async () => succeeded(await floor.upWith(program))));
      times.release.push(await timed(async () => succeeded(await project.up())));
    }
    const [floor, release] = [median(times.floor), median(times.release)];
    return [
      `A first \`up\` of ${images} images, medians of ${rounds}, alternating.`,
      "",
      table(
        ["program", "s", "of the floor"],
        [
          [`${images} builds and pushes, nothing else`, (floor / 1000).toFixed(1), 1],
          [
            "the same, indexed, signed, attested, tagged, released",
            (release / 1000).toFixed(1),
            (release / floor).toFixed(2),
          ],
        ],
      ),
    ].join("\n");
  } finally {
    await forget();
  }
}
