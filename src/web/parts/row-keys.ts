/** Which row the arrow keys, Home and End lead to from this one, among so many; undefined for any other key. */
export function rowByKey(key: string, row: number, rows: number): number | undefined {
  switch (key) {
    case 'ArrowUp':
    case 'ArrowLeft':
      return Math.max(0, row - 1);
    case 'ArrowDown':
    case 'ArrowRight':
      return Math.min(rows - 1, row + 1);
    case 'Home':
      return 0;
    case 'End':
      return rows - 1;
    default:
      return undefined;
  }
}
