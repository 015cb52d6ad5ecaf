/** A name as it is stored: text of Postgres has no character 0. */
export const toPostgresText = (text: string): string => text.replaceAll("\u0000", "\ufffd");
