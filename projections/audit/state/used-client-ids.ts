/**
 * Which client ids each participant has used, as 64-bit fingerprints in one flat table: at most 32 bytes an intention, permanently.
 * Two different ids among ten million share a fingerprint with a chance of 3 in a million; only then is one wrongly called reused.
 */
export class UsedClientIds {
  private table = new Uint32Array(2 * 1024);
  private slots = 1024;
  private used = 0;

  /** False when this participant has used the id before. */
  add(participantId: number, clientId: string): boolean {
    if (2 * this.used >= this.slots) this.grow();
    const low = fingerprint(clientId, participantId, 0x9e37_79b1) || 1; // 0 marks an empty slot
    const high = fingerprint(clientId, participantId, 0x85eb_ca77);
    return this.insert(low, high);
  }

  private insert(low: number, high: number): boolean {
    const { table, slots } = this;
    let slot = (low ^ high) & (slots - 1);
    while (table[2 * slot] !== 0) {
      if (table[2 * slot] === low && table[2 * slot + 1] === high) return false;
      slot = (slot + 1) & (slots - 1);
    }
    table[2 * slot] = low;
    table[2 * slot + 1] = high;
    this.used++;
    return true;
  }

  private grow(): void {
    const { table } = this;
    this.slots *= 2;
    this.used = 0;
    this.table = new Uint32Array(2 * this.slots);
    for (let at = 0; at < table.length; at += 2) {
      const low = table[at] as number; // at < length, and so is at + 1
      if (low !== 0) this.insert(low, table[at + 1] as number);
    }
  }
}

/** Multiplies through the id's UTF-16 units, beginning with the participant, and ends with MurmurHash3’s finalizer. `seed` is odd. */
function fingerprint(text: string, participantId: number, seed: number): number {
  let hash = Math.imul(seed ^ participantId, 0x0100_0193);
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), seed);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
