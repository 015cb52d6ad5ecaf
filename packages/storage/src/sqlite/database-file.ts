import { statSync } from "node:fs";

/**
 * What has become of the file that a connection has open: `same`, it still has its name; `missing`, no file has that name; `replaced`,
 * another file has it, or one of the files that SQLite keeps beside it. Whoever opens the name now does not see what this connection
 * writes, except where it is the same.
 */
export type FilePlace = "same" | "missing" | "replaced";

/** @param isImmutable - the connection reads the file as it was when it was opened, so that a change of its contents replaces it */
export function watchPlace(file: string, isImmutable: boolean): () => FilePlace {
  const main = identityOf(file, isImmutable);
  const beside = [`${file}-wal`, `${file}-shm`].map((name) => ({ name, identity: identityOf(name, isImmutable) }));
  return () => {
    const now = identityOf(file, isImmutable);
    if (now === undefined) return "same";
    if (now === null) return "missing";
    if (now !== main) return "replaced";
    const isReplaced = beside.some(({ name, identity }) => {
      // One that was not there at first may come, for a connection that only reads or when the journal mode changes.
      if (identity === undefined || (identity === null && !isImmutable)) return false;
      const found = identityOf(name, isImmutable);
      return found !== undefined && found !== identity;
    });
    return isReplaced ? "replaced" : "same";
  };
}

/** Whether no file has this name. */
export function isMissing(file: string): boolean {
  return identityOf(file, false) === null;
}

/** Tells files apart that have the same name one after the other; `null`: there is none; `undefined`: not known. */
function identityOf(file: string, withContents: boolean): string | null | undefined {
  try {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (found === undefined) return null;
    const { dev, ino, size, mtimeNs } = found;
    return withContents ? `${dev}:${ino}:${size}:${mtimeNs}` : `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
