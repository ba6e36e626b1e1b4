import { createHash, createPublicKey, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { appendFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { writeWhole } from "../host/folder.ts";
import { createMerkleTree, leafHash } from "./merkle-tree.ts";

/** One entry of a log. */
export interface LogEntry {
  index: number;
  /** Hash of the leaf, hex: the entry's name. */
  hash: string;
  /** Canonical JSON of the entry. */
  body: Buffer;
  /** Seconds since 1970. */
  integratedTime: number;
}

/** Proof that an entry is in a signed state of a log. */
export interface LogProof {
  treeSize: number;
  rootHash: Buffer;
  hashes: Buffer[];
  /** Signed note: https://github.com/transparency-dev/formats/blob/main/log/README.md */
  checkpoint: string;
}

/** An append-only log with its key, kept in a file of JSON lines. */
export interface TransparencyLog {
  /** SHA-256 of the public key. */
  readonly id: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  readonly size: number;
  /** Adds an entry; it is in the file when this resolves. */
  append(body: Buffer): Promise<LogEntry>;
  /** The entry with this body, hash or index. */
  find(wanted: { body: Buffer } | { hash: string } | { index: number }): LogEntry | undefined;
  /** Makes a proof for the log's present state. */
  prove(entry: LogEntry): LogProof;
  /** Signs with the log's key (ECDSA, SHA-256, DER). */
  sign(data: Buffer): Buffer;
  /** Waits until everything is in the file. */
  close(): Promise<void>;
}

/**
 * Opens a log and reads its file. A torn last line (the process was killed while it wrote) is cut off: its
 * writer never got an answer.
 */
export async function openTransparencyLog(options: {
  file: string;
  privateKey: KeyObject;
  /** First line of the checkpoint. */
  origin: string;
  /** Name in the checkpoint's signature line. */
  signer: string;
}): Promise<TransparencyLog> {
  const { file, privateKey, origin, signer } = options;
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const id = createHash("sha256").update(publicKey).digest();
  const tree = createMerkleTree();
  const entries: LogEntry[] = [];
  const byHash = new Map<string, LogEntry>();
  const add = (body: Buffer, integratedTime: number): LogEntry => {
    const entry = { index: tree.size, hash: tree.append(body).toString("hex"), body, integratedTime };
    entries.push(entry);
    byHash.set(entry.hash, entry);
    return entry;
  };
  for (const { body, integratedTime } of await readLines(file)) {
    add(Buffer.from(body, "base64"), integratedTime);
  }
  let written: Promise<void> = Promise.resolve();

  const checkpoint = (): string => {
    const note = `${origin}\n${tree.size}\n${tree.root().toString("base64")}\n`;
    const hinted = Buffer.concat([id.subarray(0, 4), sign("sha256", Buffer.from(note), privateKey)]);
    return `${note}\n\u2014 ${signer} ${hinted.toString("base64")}\n`;
  };
  return {
    id,
    publicKey,
    get size() {
      return tree.size;
    },
    async append(body) {
      const entry = add(body, Math.floor(Date.now() / 1000));
      written = written.then(() => appendFile(file, lineOf(entry)));
      await written;
      return entry;
    },
    find(wanted) {
      if ("index" in wanted) {
        return entries[wanted.index];
      }
      return byHash.get("hash" in wanted ? wanted.hash : leafHash(wanted.body).toString("hex"));
    },
    prove: ({ index }) => ({
      treeSize: tree.size,
      rootHash: tree.root(),
      hashes: tree.inclusionProof(index),
      checkpoint: checkpoint(),
    }),
    sign: (data) => sign("sha256", data, privateKey),
    close: () => written,
  };
}

interface Line {
  integratedTime: number;
  /** Base64. */
  body: string;
}

function lineOf({ integratedTime, body }: LogEntry): string {
  return `${JSON.stringify({ integratedTime, body: body.toString("base64") } satisfies Line)}\n`;
}

async function readLines(file: string): Promise<Line[]> {
  const lines: Line[] = [];
  if (!existsSync(file)) {
    return lines;
  }
  let whole = 0;
  for await (const text of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity })) {
    whole += Buffer.byteLength(text) + 1;
    try {
      lines.push(JSON.parse(text) as Line);
    } catch {
      whole = -1;
      break;
    }
  }
  if (whole !== (await stat(file)).size) {
    await writeWhole(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
  return lines;
}
