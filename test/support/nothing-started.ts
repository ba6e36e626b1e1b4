import { ChildProcess } from "node:child_process";

// A test that starts a process is not fast. It fails here, before someone has to wait for it; fast-tests.ts says which tests are.
Object.assign(ChildProcess.prototype, {
  spawn: () => {
    throw new Error("a fast test starts no process; name its file in test/support/fast-tests.ts");
  },
});
