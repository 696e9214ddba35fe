/** Made-up order flow for tests of the command line, with the results that playing it must have. */

/** Two scenarios: continuous trading with every kind of command, and a call auction. All that it expects holds. */
export const smallFlow = `# a small made-up flow
scenario one
phase continuous
post b1 B 100 10
post b2 B 100 5
post s1 S 100 12
deal s1 b1 100 10
deal s1 b2 100 2
book b 100 3 a
post s2 S 105 7
post s3 S 104 7
reduce s3 2
replace s2 103 4
post b3 B 103 4 ioc
deal b3 s2 103 4
withdraw b2
top 0 0 104 5
withdraw nobody
rejected
scenario two
phase call
post c1 B 50 10
post c2 S 49 6
uncross 50 6
deal c1 c2 50 6
`;

/** The same, but for two expectations that do not hold: in lines 7 and 17. */
export const wrongFlow = smallFlow
  .replace('deal s1 b1 100 10', 'deal s1 b1 100 9')
  .replace('top 0 0 104 5', 'top 0 0 104 6');

/** Many intentions that all deal: several batches, and a log of a few MiB. */
export function largeFlow(pairs: number): string {
  const lines: string[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    lines.push(
      `post b${pair} B ${100 + (pair % 7)} 10`,
      `post s${pair} S ${100 + (pair % 7)} 10`,
      `deal s${pair} b${pair} ${100 + (pair % 7)} 10`,
    );
  }
  return `${lines.join('\n')}\n`;
}
