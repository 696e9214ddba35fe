/** Gathers what happens between two frames of the screen, so that a thousand messages a second are drawn sixty times. */
export class Frames {
  private wanted: number | undefined;

  constructor(private readonly draw: () => void) {}

  /** Draws with the next frame, once, however often this is called. */
  want(): void {
    this.wanted ??= requestAnimationFrame(() => {
      this.wanted = undefined;
      this.draw();
    });
  }

  end(): void {
    if (this.wanted !== undefined) cancelAnimationFrame(this.wanted);
    this.wanted = undefined;
  }
}
