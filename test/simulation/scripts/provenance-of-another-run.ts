import type { Story } from "../schedule/script.ts";

/** C finds the provenance that A has listed; B, which read the list before, writes it without that; C asks for the list once more. */
export const provenanceOfAnotherRun: Story = {
  title: "a run relies on no provenance of its twin that a later look does not show",
  signed: true,
  reproducible: true,
  hasReferrers: false,
  async play(script) {
    await script.begin("B");
    await script.until("B", /^signature\/app@1\.2\.3 POST .*\/blobs\/uploads/);
    await script.begin("C");
    await script.until("C", /^provenance\/app.* GET .*\/manifests\/sha256-/);
    await script.until("B", /^signature\/app@1\.2\.3 PUT .*\/manifests\/sha256-/);
    await script.begin("A");
    await script.until("A", /^tag\/app/);
    await script.until("C", /^provenance\/app.* GET .*\/blobs\//);
    await script.pass("B", /^signature\/app@1\.2\.3 PUT .*\/manifests\/sha256-/);
    await script.toEnd("C");
  },
};
