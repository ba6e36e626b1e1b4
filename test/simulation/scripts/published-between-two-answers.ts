import type { Story } from "../schedule/script.ts";

/** B asks for the Release by its tag, then A publishes, then B's list is answered, in which the draft is a draft no longer. */
export const publishedBetweenTwoAnswers: Story = {
  title: "a run that reads the list after its twin has published makes no second draft",
  signed: false,
  reproducible: true,
  async play(script) {
    await script.begin("A");
    await script.until("A", /PATCH/);
    await script.begin("B");
    await script.until("B", /^release.* GET .*\/tags\//);
    await script.pass("B", /^release.* GET .*\/tags\//);
    await script.toEnd("A");
    await script.toEnd("B");
  },
};
