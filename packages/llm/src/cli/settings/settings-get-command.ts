import type { Command } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { openCliStore } from "./open-cli-store.ts";
import { parsePath } from "./parse-assignments.ts";

/** Prints the stored settings, or one value. */
export const settingsGetCommand: Command = async (context) => {
  const { operands, json, print } = context;
  const [path] = operands;
  const keys = path === undefined ? [] : parsePath(path);
  const { store, location } = await openCliStore(context, "read");
  try {
    const { value, version, updatedAt, updatedBy } = await store.get({ fresh: true });
    const found = keys.reduce<unknown>(childOf, value) ?? null;
    if (json) {
      const at = path === undefined ? {} : { path };
      print.json({ ok: true, location, version, updatedAt, updatedBy, ...at, value: found });
    } else {
      const by = updatedBy === null ? "" : ` by ${updatedBy}`;
      print.note(
        print.noteStyles.dim(
          version === 0 ? `${location}: nothing stored yet` : `${location}: version ${version}, ${updatedAt}${by}`,
        ),
      );
      print.lines(typeof found === "string" ? found : JSON.stringify(found, null, 2));
    }
    return EXIT.ok;
  } finally {
    await store.close();
  }
};

function childOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
