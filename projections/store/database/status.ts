/** The status of an intention, by its number in the tables. */
export const statusNames = ['open', 'filled', 'withdrawn', 'expired'] as const;
export const Status = { Open: 0, Filled: 1, Withdrawn: 2, Expired: 3 } as const;
