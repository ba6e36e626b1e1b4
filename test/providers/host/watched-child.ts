import { endWithEngine } from "../../../providers/host/engine-watch.ts";

// Stands for Pulumi's provider host: it has work of its own that would keep it alive, and an engine to end with.
setInterval(() => {}, 1000);
endWithEngine();
process.stdout.write("watching\n");
