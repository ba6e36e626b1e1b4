// Pulumi's engine starts this as `pulumi-resource-pulumi-nodejs`, in the program's folder, to run dynamic resources. The
// work is done by the program's own @pulumi/pulumi, in this very process: it reads the engine's address from the arguments.
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "index.js"));
let provider;
try {
  provider = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
} catch {
  console.error(`@pulumi/pulumi is not installed in ${process.cwd()} or above it. Run npm ci there.`);
  process.exit(1);
}
require(provider);
