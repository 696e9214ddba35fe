/** An exchange in a container, for integration tests of programs that trade. Needs the package testcontainers beside this one. */
export { DEFAULT_IMAGE } from './default-image.js';
export { type ListedInstrument, ParleyContainer } from './parley-container.js';
export { type ClientOfContainer, StartedParleyContainer } from './started-parley-container.js';
