/**
 * Names a write before it is sent. It begins with the version that the write would make, so that whoever asks later can tell a
 * write that lost (the version exists, made by another) from one that may still arrive (the version does not exist yet).
 */
export function createWriteId(version: number, random: () => number): string {
  const part = () =>
    Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0");
  return `${version}-${part()}${part()}${part()}`;
}

/** The version that a write would make; `null` for a text that is no write id. */
export function versionOfWriteId(writeId: string): number | null {
  const match = /^(\d+)-[0-9a-f]{24}$/.exec(writeId);
  return match === null ? null : Number(match[1]);
}

/** The eight characters that stand for a write where its version is known. */
export function fragmentOfWriteId(writeId: string): string {
  const start = writeId.indexOf("-") + 1;
  return writeId.slice(start, start + 8).padEnd(8, "_");
}
