/** As infra/deploy builds it. */
export const DEFAULT_IMAGE = 'parley:0.1.0';
