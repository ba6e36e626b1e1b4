import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { requireUsablePassword } from "../usable-token.ts";

/** User and password for one registry. Never stored, never logged: read again for each token. */
export interface Credentials {
  username: string;
  password: string;
}

interface DockerConfig {
  auths?: Record<string, { auth?: string } | undefined>;
  credHelpers?: Record<string, string | undefined>;
  credsStore?: string;
}

/**
 * Reads the login for a registry from Docker's own store, in Docker's own order: the registry's credential helper, the general credential
 * store, then `auths` of $DOCKER_CONFIG/config.json (default ~/.docker).
 * Source: docs.docker.com/reference/cli/docker/login (credential stores, credential helper protocol).
 * @param registry host with port, as in repository names; Docker Hub (`docker.io`) is stored under a special address
 * @returns undefined if Docker knows no login
 * @throws ReleaseError CREDENTIALS_REFUSED if user or password contains a control character; it does not show them
 */
export async function readDockerCredentials(registry: string): Promise<Credentials | undefined> {
  const found = await readStoredCredentials(registry);
  for (const text of Object.values(found ?? {})) {
    requireUsablePassword(text as string, `the login of ${registry}`);
  }
  return found;
}

async function readStoredCredentials(registry: string): Promise<Credentials | undefined> {
  const config = await readDockerConfig();
  const key = registry === "docker.io" ? "https://index.docker.io/v1/" : registry;
  const helper = config.credHelpers?.[registry] ?? config.credsStore;
  if (helper !== undefined) {
    const kept = await askHelper(helper, key);
    if (kept) {
      return kept;
    }
  }
  const auth = config.auths?.[key]?.auth ?? config.auths?.[`https://${registry}`]?.auth;
  if (!auth) {
    return undefined;
  }
  const [username = "", ...password] = Buffer.from(auth, "base64").toString("utf8").split(":");
  return { username, password: password.join(":") };
}

async function readDockerConfig(): Promise<DockerConfig> {
  const path = join(process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return {};
    }
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return parseSecretJson(text, path) as DockerConfig;
}

/** Parses JSON that may contain secrets. The parser's own message would quote them, so it is not passed on. */
function parseSecretJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${origin}: is not valid JSON (log in again with docker login, or fix the file)`);
  }
}

/** Credential helpers answer "credentials not found" with exit code 1: that is not an error, it means that there is no login. */
async function askHelper(helper: string, key: string): Promise<Credentials | undefined> {
  const answer = await execa(`docker-credential-${helper}`, ["get"], { input: key, reject: false });
  if (answer.exitCode !== 0) {
    return undefined;
  }
  const { Username, Secret } = parseSecretJson(answer.stdout, `the answer of docker-credential-${helper}`) as {
    Username: string;
    Secret: string;
  };
  return { username: Username, password: Secret };
}
