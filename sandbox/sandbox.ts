import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { builderName, startBuilder } from "./builder.ts";
import type { Builder } from "./builder.ts";
import { startDistribution } from "./registry/distribution.ts";
import { createFaults } from "./door/faults.ts";
import type { Faults } from "./door/faults.ts";
import { holdFolder, writeWhole } from "./host/folder.ts";
import { openGitHubDouble } from "./github/double.ts";
import type { GitHubDouble } from "./github/double.ts";
import { openStore } from "./github/store/disk-store.ts";
import type { Token } from "./github/api/token.ts";
import { openJournal } from "./door/journal.ts";
import type { Journal } from "./door/journal.ts";
import { isPerson } from "./github/packages/package-owner.ts";
import { openPackageStore } from "./github/packages/package-store.ts";
import { openRegistryDoor } from "./registry/registry-door.ts";
import type { RegistryDoor } from "./registry/registry-door.ts";
import { openSigstoreDouble } from "./sigstore/double.ts";
import type { SigstoreDouble } from "./sigstore/double.ts";

/** Options for the start of a sandbox. */
export interface SandboxOptions {
  /** Contains everything: ports, credentials, data, journal and logs. Created if it is missing; one sandbox at a time. */
  folder: string;
  /** Also starts a BuildKit builder (needs root, or a Docker engine). Default true. */
  builder?: boolean;
  /** Lets the registry delete manifests and blobs; GitHub's answers 405. Default false. */
  allowDelete?: boolean;
  /** Round trip of a network in front of all servers but the builder, in milliseconds: half each way, a whole one for a connect. Default 0. */
  delay?: number;
  /** Ports to use at the first start if they are free; 0: any. Default 5005, 8085 and 8086. */
  ports?: { registry: number; web: number; sigstore: number };
}

/** A running local world: an OCI registry, GitHub, Sigstore and a builder on loopback addresses. */
export interface Sandbox {
  /** Absolute path of its folder. */
  folder: string;
  addresses: {
    /** `127.0.0.1:PORT`, for image references. */
    registry: string;
    /** `http://127.0.0.1:PORT`, for a browser. */
    web: string;
    /** `web` + `/api/v3`. */
    api: string;
    /** `http://127.0.0.1:PORT`: Fulcio, Rekor, timestamps and the issuer of identity tokens. */
    sigstore: string;
  };
  /** The variables that a child process needs to use it. Contains the tokens. */
  environment: Record<string, string>;
  journal: Journal;
  github: GitHubDouble;
  registry: RegistryDoor;
  sigstore: SigstoreDouble;
  faults: Faults;
  /** Undefined when started without. */
  builder: Builder | undefined;
  /** Every exchange that broke GitHub's OpenAPI description, every 501 and every failure of the sandbox itself. */
  violations(): string[];
  /** Ends every process that was started, and flushes files. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox.
 * @throws if one already runs in the folder (the message has its process id), a kept port is in use, or `registry` or
 * the builder cannot be started. Nothing is left running then.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { allowDelete = false, delay = 0 } = options;
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      const failures: unknown[] = [];
      for (const step of closers.reverse()) {
        await step().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) {
        throw failures[0];
      }
    })();
    return closing;
  };
  try {
    const held = await holdFolder(options.folder, options.ports);
    closers.push(held.release);
    const { path: folder, credentials, onPort } = held;
    const { user, token, secret } = credentials;
    const violations: string[] = [];
    const journal = await openJournal(join(folder, "journal.jsonl"));
    closers.push(journal.close);
    const faults = createFaults();
    const shared = { journal, faults, delay };
    // Both doors share these: GitHub's tokens are the registry's passwords, and a pushed repository is a package of GitHub's.
    const tokens = new Map<string, Token>([[token, { login: user, push: true }]]);
    const packages = await openPackageStore(join(folder, "packages"));
    closers.push(packages.flush);
    const store = await openStore(join(folder, "github"));

    await mkdir(join(folder, "registry"), { recursive: true });
    const distribution = await startDistribution({ folder: join(folder, "registry"), allowDelete, secret });
    closers.push(distribution.close);
    void distribution.ended.then((code) => {
      if (closing === undefined) {
        violations.push(`registry: ended by itself with code ${code}, see ${join(folder, "registry", "registry.log")}`);
      }
    });
    const registry = await onPort("registry", (port) =>
      openRegistryDoor({
        ...shared,
        port,
        distributionPort: distribution.port,
        user,
        password: token,
        tokens,
        packages,
        isPerson: (owner) => isPerson(packages, tokens, owner),
        repositoryNamed(fullName) {
          const [owner = "", name = ""] = fullName.split("/");
          const record = store.find(owner, name)?.record;
          return record === undefined ? undefined : `${record.owner}/${record.name}`;
        },
        allowDelete,
        onFailure: (what) => violations.push(what),
      }),
    );
    closers.push(registry.close);
    const github = await onPort("web", (port) =>
      openGitHubDouble({
        ...shared,
        folder: join(folder, "github"),
        port,
        tokens,
        store,
        packages,
        onViolation: (what) => violations.push(what),
      }),
    );
    closers.push(github.close);
    const sigstore = await onPort("sigstore", (port) =>
      openSigstoreDouble({
        ...shared,
        folder: join(folder, "sigstore"),
        port,
        async commitOf(repository, ref) {
          const [owner = "", name = ""] = repository.split("/");
          const { git, record } = store.find(owner, name) ?? {};
          return (await git?.resolveCommit(ref)) ?? (await git?.resolveCommit(`refs/heads/${record?.defaultBranch}`));
        },
        onViolation: (what) => violations.push(what),
      }),
    );
    closers.push(sigstore.close);

    const dockerConfig = join(folder, "docker");
    const auth = Buffer.from(`${user}:${token}`).toString("base64");
    const config = { auths: { [registry.address]: { auth } } };
    await writeWhole(join(dockerConfig, "config.json"), `${JSON.stringify(config, undefined, 2)}\n`, 0o600);
    const builder =
      options.builder === false ? undefined : await startBuilder({ folder, dockerConfig, registry: registry.address });
    if (builder !== undefined) {
      closers.push(builder.close);
    }
    const { web, api } = github.links;
    return {
      folder,
      addresses: { registry: registry.address, web, api, sigstore: sigstore.url },
      environment: {
        DOCKER_CONFIG: dockerConfig,
        ...(builder === undefined ? {} : { BUILDX_BUILDER: builderName }),
        GITHUB_TOKEN: token,
        GITHUB_API_URL: api,
        GITHUB_SERVER_URL: web,
        SANDBOX_REGISTRY: registry.address,
        SANDBOX_ISSUER: sigstore.issuer,
        ACTIONS_ID_TOKEN_REQUEST_URL: sigstore.tokenRequestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: sigstore.identity.requestToken,
      },
      journal,
      github,
      registry,
      sigstore,
      faults,
      builder,
      violations: () => [...violations],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
