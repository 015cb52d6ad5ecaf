/** A name as it is stored: text of Postgres has no character 0. */
export const toText = (text: string): string => text.replaceAll("\u0000", "\ufffd");
