import type { Sandbox } from "../../sandbox/sandbox.ts";
import { githubClient } from "../sandbox/github-client.ts";
import type { TwelveCharts } from "./twelve-charts.ts";

/** What happens to one chart of a run after its plan was made: nothing of it could be known before. */
export interface ChartFault {
  title: string;
  /** Whether only a signed chart meets it. */
  signed: boolean;
  /**
   * Arms it for a chart.
   * @param others how many other charts the run releases
   */
  arm(sandbox: Sandbox, charts: TwelveCharts, name: string, others: number): void;
  /** Does what the error asks for; faults of the sandbox are cleared by the caller. */
  lift(sandbox: Sandbox, charts: TwelveCharts, name: string): Promise<void>;
  /** What the run says. */
  said: string;
  /** Whether the chart has its version tags all the same: they come before the Release, and what they name is signed. */
  tagged: boolean;
  /** Files of what is under the chart's git tag as a public Release, made by someone else. Default: there is none. */
  foreign?: string[];
}

/** Does something at the first request of a chart's push, which waits for it. */
function atPush({ faults }: Sandbox, charts: TwelveCharts, name: string, act: () => void | Promise<void>): void {
  const path = new RegExp(`/v2/${charts.repository(name)}/blobs/`);
  faults.add({ door: "registry", method: "HEAD", path, when: "before", act });
}

const nothingToDo = async (): Promise<void> => undefined;

/** The right to push is lost after the preflight has seen it. */
export const pushRefused: ChartFault = {
  title: "its push is refused",
  signed: false,
  arm: (sandbox, charts, name) => atPush(sandbox, charts, name, () => sandbox.registry.refuse(charts.repository(name))),
  lift: async ({ registry }, charts, name) => registry.grant(charts.repository(name)),
  said: "permission_denied: write_package",
  tagged: false,
};

/** No request of signing names a chart: this one is pushed when all others are public, and from then on the log is down. */
export const signingDown: ChartFault = {
  title: "signing is down when it is signed",
  signed: true,
  arm(sandbox, charts, name, others) {
    const { promise, resolve } = Promise.withResolvers<void>();
    let left = others;
    const published = { door: "github", method: "PATCH", path: /\/releases\/\d+$/, when: "after" } as const;
    const down = { door: "sigstore", method: "POST", path: /\/log\/entries$/, when: "before" } as const;
    const act = (): void => {
      left -= 1;
      if (left === 0) {
        sandbox.faults.add({ ...down, times: Infinity, act: { status: 503, body: { message: "down" } } });
        resolve();
      }
    };
    sandbox.faults.add({ ...published, times: others, act });
    atPush(sandbox, charts, name, () => promise);
  },
  lift: nothingToDo,
  said: "log/entries",
  tagged: false,
};

/** GitHub accepts its draft, and not its package. */
export const uploadRefused: ChartFault = {
  title: "its upload is refused",
  signed: false,
  arm({ faults }, _, name) {
    const upload = { door: "github", method: "POST", path: new RegExp(`/assets\\?name=${name}-1.2.3.tgz$`) } as const;
    const refusal = { status: 403, body: { message: "Resource not accessible by integration" } };
    faults.add({ ...upload, when: "before", times: Infinity, act: refusal });
  },
  lift: nothingToDo,
  said: "Resource not accessible by integration",
  tagged: true,
};

/** A person publishes a Release with a file under its git tag. */
export const foreignRelease: ChartFault = {
  title: "a Release with another file is under its tag",
  signed: false,
  arm: (sandbox, charts, name) =>
    atPush(sandbox, charts, name, async () => {
      const api = githubClient(sandbox);
      const tag = `${name}-v1.2.3`;
      const made = await api.post(`/repos/${charts.project.fullName}/releases`, { tag_name: tag, name: "By hand" });
      await api.upload(made.body, "other.tgz", "of someone else");
    }),
  async lift(sandbox, { project, publicCharts }, name) {
    const [release] = (await publicCharts([name]))[name]?.releases ?? [];
    await githubClient(sandbox).delete(`/repos/${project.fullName}/releases/${release?.id}`);
  },
  said: "RELEASE_CONFLICT",
  tagged: true,
  foreign: ["other.tgz"],
};
