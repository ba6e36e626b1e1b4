import type { Story } from "../schedule/script.ts";

/** The manifest is slow to come; meanwhile a twin releases. The tag that was free is not free any more. */
export const tagWrittenLate: Story = {
  title: "a run whose manifest comes late does not move the public tag of its twin",
  signed: false,
  reproducible: false,
  async play(script) {
    await script.begin("A");
    await script.until("A", /^tag\/app.* GET/);
    await script.pass("A", /^tag\/app.* GET/);
    await script.begin("B");
    await script.toEnd("B");
    await script.toEnd("A");
  },
};
