/** The bytes of a file, changed in place. */
export class Image {
  private bytes: Buffer;

  /** Takes a copy. */
  constructor(
    content: Uint8Array,
    private size = content.length,
  ) {
    this.bytes = Buffer.from(content);
  }

  /** Valid until the next change. */
  get content(): Buffer {
    return this.bytes.subarray(0, this.size);
  }

  copy(): Image {
    return new Image(this.content);
  }

  write(offset: number, data: Uint8Array): void {
    if (data.length === 0) return;
    const end = offset + data.length;
    if (end > this.size) this.resize(end);
    this.bytes.set(data, offset);
  }

  /** What is new is zero. */
  resize(size: number): void {
    if (size > this.bytes.length) {
      const grown = Buffer.alloc(2 * size);
      this.content.copy(grown);
      this.bytes = grown;
    } else if (size < this.size) {
      this.bytes.fill(0, size, this.size);
    }
    this.size = size;
  }
}
