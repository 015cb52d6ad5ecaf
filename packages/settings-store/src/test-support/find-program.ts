import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where Debian puts servers, which is not on everybody's path. */
const DEBIAN = "/usr/sbin";

/** The path of an installed program; `null` where it is not installed. */
export function findProgram(name: string): string | null {
  const directories = [...(process.env.PATH ?? "").split(delimiter), DEBIAN];
  const found = directories.find((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found === undefined ? null : join(found, name);
}
