/** The options of a command line by name; a switch is `true`. */
export type Flags = ReadonlyMap<string, string | true>;
