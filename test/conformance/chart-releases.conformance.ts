import { beforeAll } from "vitest";
import { signingSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { chartFaultFacts } from "./chart-fault-facts.ts";
import { killedChartFacts } from "./killed-chart-facts.ts";

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

const signing = signingSandbox();
chartFaultFacts(signing);
killedChartFacts(signing);
