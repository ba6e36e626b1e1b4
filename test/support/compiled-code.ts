import { flushCompileCache } from "node:module";
import { afterAll } from "vitest";

// A worker is ended by signal, and Node writes its compile cache (NODE_COMPILE_CACHE) where a process ends by itself.
afterAll(() => flushCompileCache());
