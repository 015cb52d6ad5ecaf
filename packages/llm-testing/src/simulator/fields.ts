/** The fields of a JSON object whose values have not been checked. */
export type Fields = Readonly<Record<string, unknown>>;
