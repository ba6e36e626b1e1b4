import type { Story } from "../schedule/script.ts";

/** B lists the draft while A uploads; A finishes and publishes; B works off its list. */
export const uploadInProgress: Story = {
  title: "a twin that saw an upload in progress deletes nothing from the public Release",
  signed: false,
  reproducible: true,
  async play(script) {
    await script.begin("A");
    await script.until("A", /POST .*name=app\.tgz/);
    const arrive = await script.passName("A", /POST .*name=app\.tgz/);
    await script.begin("B");
    await script.until("B", /^release.* GET .*\/assets/);
    await script.pass("B", /^release.* GET .*\/assets/);
    await arrive();
    await script.toEnd("A");
    await script.toEnd("B");
  },
};
