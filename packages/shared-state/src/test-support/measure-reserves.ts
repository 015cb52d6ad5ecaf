import type { Ledger } from "../contract/ledger.ts";

const ROUNDS = 7;

/**
 * The median time of a reserve in one scope, milliseconds, with a settle in between: the best of several rounds, because tests share
 * their processors with others.
 */
export async function measureReserves({ reserve, settle }: Ledger, perRound: number): Promise<number> {
  const medians: number[] = [];
  const scopes = [{ key: `timing-${performance.now()}`, limit: 9e15, endsInMs: 3_600_000 }];
  for (let round = 0; round < ROUNDS; round += 1) {
    const times: number[] = [];
    for (let one = 0; one < perRound; one += 1) {
      const id = `${scopes[0]?.key}-${round}-${one}`;
      const at = performance.now();
      await reserve({ id, scopes, amount: 5, leaseMs: 600_000 });
      times.push(performance.now() - at);
      await settle(id, { spent: 3, presumed: 0 });
    }
    times.sort((a, b) => a - b);
    medians.push(times[perRound >> 1] ?? Number.POSITIVE_INFINITY);
  }
  return Math.min(...medians);
}
