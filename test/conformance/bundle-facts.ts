import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { StoredBundle } from "../../clients/sigstore/signing.ts";
import type { SigningSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../providers/host/engine-host.ts";
import { releasableUnit } from "../providers/release/releasable-unit.ts";

const host = engineHost("github-release");
const ending = ".sigstore.json";

/** What must hold of the bundles beside a Release's files, whatever Sigstore makes them. */
export function bundleFacts(signing: SigningSandbox): void {
  const entries = (): Promise<number> => signing.services.entries();

  describe("when the files of a Release are signed", () => {
    let unit: Awaited<ReturnType<typeof releasableUnit>>;
    let inputs: Record<string, unknown>;
    let outs: Record<string, unknown>;
    /** Every asset as it is downloaded. */
    let files: Record<string, Buffer>;
    beforeAll(async () => {
      signing.runAs();
      unit = await releasableUnit(signing.world);
      inputs = { ...unit.inputs, signing: signing.identity(), sigstore: signing.instance() };
      ({ outs } = await host.create(inputs));
      files = await downloaded();
    });

    const release = async () => {
      const [only] = await unit.releases();
      if (only === undefined) {
        throw new Error("there is no Release");
      }
      return only;
    };
    const downloaded = async (): Promise<Record<string, Buffer>> => {
      const token = signing.sandbox.environment["GITHUB_TOKEN"] ?? "";
      const headers = { accept: "application/octet-stream", authorization: `Bearer ${token}` };
      const { assets } = await release();
      const all = await Promise.all(
        assets.map(async ({ name, url }) => [name, Buffer.from(await (await fetch(url, { headers })).arrayBuffer())]),
      );
      return Object.fromEntries(all) as Record<string, Buffer>;
    };
    const bundleIn = (name: string): StoredBundle => JSON.parse(String(files[`${name}${ending}`])) as StoredBundle;
    /** What cosign says of bytes and a bundle. */
    const cosign = async (bytes: Buffer, bundle: unknown, expected: { workflow?: string; issuer?: string } = {}) => {
      const folder = join(unit.folder, "judged");
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "blob"), bytes);
      await writeFile(join(folder, "bundle"), JSON.stringify(bundle));
      const blob = ["--bundle", join(folder, "bundle"), join(folder, "blob")];
      return (await signing.cosignAs(expected, "verify-blob", ...blob)).exitCode;
    };
    const record = (): Buffer => files["lockstep.release.json"] ?? Buffer.alloc(0);

    it("has a bundle for each that cosign accepts", async () => {
      const signed = Object.keys(files)
        .filter((name) => name.endsWith(ending))
        .map((name) => name.slice(0, -ending.length));
      expect(signed).toEqual(expect.arrayContaining(["checksums.txt", "lockstep.release.json"]));
      for (const name of signed) {
        expect(await cosign(files[name] ?? Buffer.alloc(0), bundleIn(name)), name).toBe(0);
      }
    });
    it("is refused by cosign where a byte was changed", async () => {
      expect(await cosign(Buffer.concat([record(), Buffer.from(" ")]), bundleIn("lockstep.release.json"))).not.toBe(0);
    });
    it("is refused by cosign with another file's bundle", async () => {
      expect(await cosign(record(), bundleIn("checksums.txt"))).not.toBe(0);
    });
    it("is refused by cosign without its log entry", async () => {
      const bundle = bundleIn("lockstep.release.json");
      bundle.verificationMaterial.tlogEntries = [];
      expect(await cosign(record(), bundle)).not.toBe(0);
    });
    it.each([{ workflow: "evil/widgets/.github/workflows/release.yml" }, { issuer: "https://example.com" }])(
      "is refused by cosign for who expects %j",
      async (expected) => {
        expect(await cosign(record(), bundleIn("lockstep.release.json"), expected)).not.toBe(0);
      },
    );
    it("is found complete, and is not signed again", async () => {
      const before = await entries();
      await host.update(outs, inputs);
      expect([(await host.read(outs)).inputs?.["complete"], await entries()]).toEqual([true, before]);
    });
    it("has a good bundle again where another file's was put in its place", async () => {
      const name = `lockstep.release.json${ending}`;
      const there = (await release()).assets.find((asset) => asset.name === name);
      await unit.api.delete(`${unit.path}/assets/${there?.id ?? 0}`);
      await unit.attach(await release(), name, String(files[`checksums.txt${ending}`]));
      expect((await host.read(outs)).inputs?.["complete"]).toBe(false);
      await host.update(outs, inputs);
      files = await downloaded();
      expect(await cosign(record(), bundleIn("lockstep.release.json"))).toBe(0);
    });
  });
}
