/** Properties of a client that hold what must not be quoted. */
const SECRET_NAME = /key|token|secret|password/i;

/** The keys that an SDK's client holds, as far as it shows them. */
export function clientSecrets(client: object): readonly string[] {
  return Object.keys(client).flatMap((name) => {
    if (!SECRET_NAME.test(name)) return [];
    try {
      const value: unknown = Reflect.get(client, name);
      return typeof value === "string" && value !== "" ? [value] : [];
    } catch {
      return [];
    }
  });
}
