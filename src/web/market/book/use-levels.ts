import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const ROW_PX = 24;
/** What of the height is not for rows: the head of the page, of the view and of the panel. */
const AROUND_PX = 400;
const NARROW_PX = 640;
const LEAST = 7;
const MOST = 24;

/** How many levels a side fit into the window without scrolling; on a narrow one the form stands below, so fewer. */
export function useLevels(): number {
  const levels = useSignal(fitting());
  useEffect(() => {
    const measure = (): void => {
      levels.value = fitting();
    };
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, []);
  return levels.value;
}

function fitting(): number {
  if (innerWidth <= NARROW_PX) return LEAST;
  return Math.max(LEAST, Math.min(MOST, Math.floor((innerHeight - AROUND_PX) / 2 / ROW_PX)));
}
