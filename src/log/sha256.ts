/** One SHA-256 under way. Whose it is does not matter: Node's `Hash` is one, and so is that of a library in a browser. */
export interface Sha256 {
  /** Takes bytes, or the bytes of a text in UTF-8, after those that came before. */
  update(data: Uint8Array | string): Sha256;
  /** Ends it: 32 bytes. */
  digest(): Uint8Array;
}

/** Begins a SHA-256. */
export type MakeSha256 = () => Sha256;
