import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forgetFolder } from "../../sandbox/host/folder.ts";
import { startSandbox } from "../../sandbox/sandbox.ts";
import { githubClient } from "./github-client.ts";
import { manifestType, registryClient } from "./registry-client.ts";
import { anyPorts, pushCommits } from "./temporary-sandbox.ts";

const main = join(import.meta.dirname, "..", "..", "sandbox", "main.ts");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the sandbox, when a folder is started again", () => {
  it("has addresses, token, images, tags, releases and assets as before", async () => {
    const first = await startSandbox({ folder, builder: false, ports: anyPorts });
    const api = githubClient(first);
    const { gitDir } = await first.github.createRepository("acme/widgets");
    await pushCommits(gitDir);
    const { body } = await api.post("/repos/acme/widgets/releases", { tag_name: "v1" });
    await api.upload(body, "a.txt", "kept");
    await registryClient(first).pushImage("acme/app", "1.0.0", "kept");
    const mark = first.journal.mark();
    await first.close();

    const second = await startSandbox({ folder, builder: false, ports: anyPorts });
    try {
      expect([second.addresses, second.environment]).toEqual([first.addresses, first.environment]);
      const release = await githubClient(second).get("/repos/acme/widgets/releases/tags/v1");
      expect(release.body).toMatchObject({ id: body["id"], assets: [{ name: "a.txt", download_count: 0 }] });
      const download = await fetch(`${second.addresses.web}/acme/widgets/releases/download/v1/a.txt`);
      expect(await download.text()).toBe("kept");
      const client = registryClient(second);
      const token = await client.bearer(["repository:acme/app:pull"]);
      const image = await client.send("HEAD", "/v2/acme/app/manifests/1.0.0", token, {
        headers: { accept: manifestType },
      });
      expect(image.status).toBe(200);
      expect(second.journal.since(0)[0]?.begin).toBe(1);
      expect(second.journal.since(mark).every(({ begin }) => begin > mark)).toBe(true);
    } finally {
      await second.close();
    }
  });
  it("gives ids that were never given before", async () => {
    const sandbox = await startSandbox({ folder, builder: false, ports: anyPorts });
    const api = githubClient(sandbox);
    const first = await api.post("/repos/acme/widgets/releases", { tag_name: "ids", draft: true });
    await api.delete(`/repos/acme/widgets/releases/${String(first.body["id"])}`);
    await sandbox.close();
    const again = await startSandbox({ folder, builder: false, ports: anyPorts });
    const second = await githubClient(again).post("/repos/acme/widgets/releases", { tag_name: "ids", draft: true });
    await again.close();
    expect(Number(second.body["id"])).toBeGreaterThan(Number(first.body["id"]));
  });
});

describe("the sandbox, when one runs in the folder already", () => {
  it("refuses a second one and names the process", async () => {
    const sandbox = await startSandbox({ folder, builder: false, ports: anyPorts });
    await expect(startSandbox({ folder, builder: false, ports: anyPorts })).rejects.toThrow(
      `as process ${process.pid}`,
    );
    await expect(forgetFolder(folder)).rejects.toThrow(`as process ${process.pid}`);
    await sandbox.close();
  });
});

describe("the sandbox, when it is closed in the middle of uploads", () => {
  it("takes them as cut off, not as failures of its own", async () => {
    const sandbox = await startSandbox({ folder, builder: false, ports: anyPorts });
    const client = registryClient(sandbox);
    const token = await client.bearer(["repository:acme/cut:pull,push"]);
    const mark = sandbox.journal.mark();
    for (let index = 0; index < 5; index += 1) {
      const opened = await client.send("POST", "/v2/acme/cut/blobs/uploads/", token);
      const address = new URL(`${opened.headers.get("location") ?? ""}&digest=sha256:${"0".repeat(64)}`, client.base);
      const headers = { authorization: token, "content-length": "100000000" };
      const outgoing = request(address, { method: "PUT", headers }).on("error", () => undefined);
      outgoing.write(Buffer.alloc(1_000_000));
    }
    const uploads = () => sandbox.journal.writes(mark, { method: "PUT" });
    await expect.poll(() => uploads().filter(({ bytesIn }) => bytesIn > 0).length).toBe(5);
    await sandbox.close();
    expect(uploads().map(({ status }) => status)).toEqual([0, 0, 0, 0, 0]);
    expect(sandbox.violations()).toEqual([]);
  });
});

describe("the sandbox, when a folder is not a sandbox", () => {
  it("is not removed", async () => {
    const other = await mkdtemp(join(tmpdir(), "other-"));
    await expect(forgetFolder(other)).rejects.toThrow("is not a sandbox folder");
    await rm(other, { recursive: true });
  });
});

describe("the sandbox, when it runs in a terminal", () => {
  const startMain = async (...args: string[]) => {
    const child = spawn(process.execPath, [main, "--folder", folder, "--no-builder", ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    for await (const chunk of child.stdout) {
      text += String(chunk);
      if (text.includes("Ctrl-C ends it")) {
        break;
      }
    }
    return { child, text };
  };
  it("writes an env file a shell can read, ends on SIGTERM and can be forgotten", { timeout: 20_000 }, async () => {
    const { child, text } = await startMain();
    const { stdout } = await execa("sh", [
      "-c",
      `set -a; . ${folder}/env; set +a; echo "$SANDBOX_REGISTRY $GITHUB_API_URL $PULUMI_BACKEND_URL"`,
    ]);
    const ports = JSON.parse(await readFile(join(folder, "ports.json"), "utf8")) as { registry: number; web: number };
    expect(stdout).toBe(`127.0.0.1:${ports.registry} http://127.0.0.1:${ports.web}/api/v3 file://${folder}/state`);
    expect(text).toContain(`http://127.0.0.1:${ports.web} (browser)`);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect((await ended)[0]).toBe(0);
    const { stdout: words } = await execa(process.execPath, [main, "--folder", folder, "--reset"]);
    expect(words).toContain("forgotten");
    await expect(readFile(join(folder, "ports.json"))).rejects.toThrow("ENOENT");
  });
  it("takes its registry along when it is killed, and starts again", { timeout: 20_000 }, async () => {
    await (await startSandbox({ folder, builder: false, ports: anyPorts })).close();
    const { child } = await startMain();
    const { registry } = JSON.parse(await readFile(join(folder, "ports.json"), "utf8")) as { registry: number };
    const left = async () =>
      (await execa("ps", ["-A", "-o", "args"])).stdout.split("\n").filter((line) => line.includes(`serve ${folder}/`));
    // Under load, `ps` may still see the process under the name that it was started by.
    await expect.poll(left, { timeout: 5000 }).not.toEqual([]);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    await expect.poll(left, { timeout: 5000 }).toEqual([]);
    const again = await startSandbox({ folder, builder: false, ports: anyPorts });
    expect(again.addresses.registry).toBe(`127.0.0.1:${registry}`);
    await again.close();
  });
});
