import { createHash } from "node:crypto";

/** An append-only hash tree (RFC 6962, section 2). Hashes are 32 bytes. */
export interface MerkleTree {
  readonly size: number;
  /** Adds a leaf and returns its hash. */
  append(leaf: Buffer): Buffer;
  /** Hash over all leaves. */
  root(): Buffer;
  /** The hashes from a leaf to the root, from the bottom up. */
  inclusionProof(index: number): Buffer[];
}

/** Hash of a leaf. */
export function leafHash(leaf: Buffer): Buffer {
  return createHash("sha256")
    .update(Buffer.from([0]))
    .update(leaf)
    .digest();
}

/** An empty tree. */
export function createMerkleTree(): MerkleTree {
  // levels[k][i] covers the 2^k leaves from i * 2^k on; only full subtrees are kept.
  const levels: Buffer[][] = [[]];

  const rangeHash = (start: number, size: number): Buffer => {
    const level = Math.log2(size);
    const kept = Number.isInteger(level) ? levels[level]?.[start / size] : undefined;
    if (kept !== undefined) {
      return kept;
    }
    const left = splitOf(size);
    return nodeHash(rangeHash(start, left), rangeHash(start + left, size - left));
  };
  const path = (index: number, start: number, size: number): Buffer[] => {
    if (size === 1) {
      return [];
    }
    const left = splitOf(size);
    return index < start + left
      ? [...path(index, start, left), rangeHash(start + left, size - left)]
      : [...path(index, start + left, size - left), rangeHash(start, left)];
  };
  const size = (): number => levels[0]?.length ?? 0;
  return {
    get size() {
      return size();
    },
    append(leaf) {
      const hash = leafHash(leaf);
      let node = hash;
      for (let level = 0; ; level += 1) {
        const nodes = (levels[level] ??= []);
        const left = nodes.at(-1);
        nodes.push(node);
        if (nodes.length % 2 === 1 || left === undefined) {
          return hash;
        }
        node = nodeHash(left, node);
      }
    },
    root: () => (size() === 0 ? createHash("sha256").digest() : rangeHash(0, size())),
    inclusionProof(index) {
      if (!Number.isInteger(index) || index < 0 || index >= size()) {
        throw new RangeError(`leaf ${index} is not in a tree of ${size()}`);
      }
      return path(index, 0, size());
    },
  };
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash("sha256")
    .update(Buffer.from([1]))
    .update(left)
    .update(right)
    .digest();
}

/** Largest power of two below `size`. */
function splitOf(size: number): number {
  return 2 ** (Math.ceil(Math.log2(size)) - 1);
}
