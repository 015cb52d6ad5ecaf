/** Matches the properties of a client that hold secrets. */
const SECRET_NAME = /key|token|secret|password/i;

/** The keys in the readable properties of an SDK client. */
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
