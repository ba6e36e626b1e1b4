import { analytics } from "./analytics.ts";
import { dashboards } from "./dashboards.ts";
import { gateway } from "./gateway.ts";
import { legacy } from "./legacy.ts";
import { billing, common } from "./library.ts";
import { locales } from "./locales.ts";
import { migrations } from "./migrations.ts";
import { ledgerOperator } from "./operator.ts";
import type { Checkout, RealChart } from "./real-chart.ts";
import { storefront } from "./storefront.ts";
import { suite } from "./suite.ts";
import { windowsAgent } from "./windows-agent.ts";

/** Twelve charts as projects have them, sorted by name. Each shows something else that a package must keep or leave out. */
export async function realCharts(checkout: Checkout): Promise<RealChart[]> {
  return Promise.all([
    analytics(checkout),
    billing(checkout),
    common(),
    dashboards(),
    gateway(),
    ledgerOperator(),
    legacy(checkout),
    locales(),
    migrations(),
    storefront(checkout),
    suite(),
    windowsAgent(checkout),
  ]);
}
