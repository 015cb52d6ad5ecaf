/**
 * Creates the id of a write before it is sent. The id starts with the version that the write would create. A later reader can therefore
 * distinguish a write that lost (another write created the version) from one that may still be applied (the version does not exist yet).
 */
export function createWriteId(version: number, random: () => number): string {
  const part = () =>
    Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0");
  return `${version}-${part()}${part()}${part()}`;
}

/** The version that a write would create; `null` for a text that is not a write id. */
export function versionOfWriteId(writeId: string): number | null {
  const match = /^(\d+)-[0-9a-f]{24}$/.exec(writeId);
  return match === null ? null : Number(match[1]);
}

/** The eight characters that identify a write among those of the same version. */
export function fragmentOfWriteId(writeId: string): string {
  const start = writeId.indexOf("-") + 1;
  return writeId.slice(start, start + 8).padEnd(8, "_");
}
