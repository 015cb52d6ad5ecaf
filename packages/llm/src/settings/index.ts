/** The settings store, for those who open it themselves: with drivers of their own, a Keyv, or other limits. */
export * from "@babylon/settings-store";
