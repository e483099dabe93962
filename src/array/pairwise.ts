/**
 * Pairwise summation: a long sum is that of its halves, so that its rounding error grows with log n, not with n. 10,000 thirds added one
 * after the other are 538 units of the last place off, pairwise 3.
 */

/** So many terms are added one after the other. */
export const block = 128;

/** The sum of terms from `begin` to before `end`, of which `partial` adds up a short run. */
export function pairwise(begin: number, end: number, partial: (begin: number, end: number) => number): number {
  if (end - begin <= block) return partial(begin, end);
  const half = begin + ((end - begin) >> 1);
  return pairwise(begin, half, partial) + pairwise(half, end, partial);
}
