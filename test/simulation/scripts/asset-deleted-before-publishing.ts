import type { Story } from "../schedule/script.ts";

/** Everything is compared; a person deletes a file; the Release is published. */
export const assetDeletedBeforePublishing: Story = {
  title: "a run that published without a file, because a person deleted it at that moment, notices",
  signed: false,
  reproducible: true,
  async play(script) {
    await script.begin("A");
    await script.until("A", /PATCH/);
    await script.person("deletes app.tgz", ({ gitHub }) => {
      const [draft] = gitHub.repository.releases;
      draft?.assets.splice(0, 1);
    });
    await script.toEnd("A");
  },
};
