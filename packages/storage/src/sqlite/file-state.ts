import { statSync } from "node:fs";

/**
 * State of the file that a connection has open. `same`: the path still names this file. `missing`: the path names no file. `replaced`:
 * the path names another file, or the `-wal` or `-shm` file was replaced. Unless it is `same`, other processes that open the path do not
 * see writes of this connection.
 */
export type FileState = "same" | "missing" | "replaced";

/**
 * Records the identity of a file and returns a function that compares it with the file that has the path now.
 *
 * @param isImmutable - the connection was opened as immutable, so a change of the contents counts as a replacement
 */
export function trackFileState(file: string, isImmutable: boolean): () => FileState {
  const main = identityOf(file, isImmutable);
  const companions = [`${file}-wal`, `${file}-shm`].map((name) => ({ name, identity: identityOf(name, isImmutable) }));
  return () => {
    const current = identityOf(file, isImmutable);
    if (current === undefined) return "same";
    if (current === null) return "missing";
    if (current !== main) return "replaced";
    const isReplaced = companions.some(({ name, identity }) => {
      // A file that did not exist at first may be created later, by another connection or by a change of the journal mode.
      if (identity === undefined || (identity === null && !isImmutable)) return false;
      const currentIdentity = identityOf(name, isImmutable);
      return currentIdentity !== undefined && currentIdentity !== identity;
    });
    return isReplaced ? "replaced" : "same";
  };
}

/** Whether the path names no file. */
export function isMissing(file: string): boolean {
  return identityOf(file, false) === null;
}

/** Distinguishes successive files of one path; `null`: no file; `undefined`: unknown. */
function identityOf(file: string, includeContents: boolean): string | null | undefined {
  try {
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return null;
    const { dev, ino, size, mtimeNs } = stats;
    return includeContents ? `${dev}:${ino}:${size}:${mtimeNs}` : `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
