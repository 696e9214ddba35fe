import type { JSX } from 'preact';
import { Loading } from '../parts/loading.js';

export default function View(): JSX.Element {
  return <Loading />;
}
