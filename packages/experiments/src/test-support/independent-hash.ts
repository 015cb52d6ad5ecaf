/** FNV-1a of GrowthBook's version 2, written a second time: with big integers and without any code of this package. */
export function independentHash(seed: string, value: string): number {
  const fnv = (text: string): bigint =>
    [...text].reduce(
      (hash, character) => ((hash ^ BigInt(character.charCodeAt(0))) * 16_777_619n) & 0xffffffffn,
      2_166_136_261n,
    );
  return Number(fnv(String(fnv(seed + value))) % 10_000n) / 10_000;
}
