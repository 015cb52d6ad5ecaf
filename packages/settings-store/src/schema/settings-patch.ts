/** A change of one provider's settings; `null` takes a field away. */
export interface ProviderPatch {
  readonly enabled?: boolean | null | undefined;
  readonly model?: string | null | undefined;
}

/** A change of one agent's settings. To move from one form to the other, set the old one's fields to `null`. */
export interface AgentPatch {
  readonly provider?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly models?: Readonly<Record<string, string | null | undefined>> | null | undefined;
}

/**
 * A JSON merge patch (RFC 7396) of the settings: objects merge, arrays replace, `null` deletes an agent, a provider entry or a
 * field, and sets `order` to null. Absent and `undefined` leave alone.
 */
export interface SettingsPatch {
  readonly order?: readonly string[] | null | undefined;
  readonly providers?: Readonly<Record<string, ProviderPatch | null | undefined>> | null | undefined;
  readonly agents?: Readonly<Record<string, AgentPatch | null | undefined>> | null | undefined;
}
