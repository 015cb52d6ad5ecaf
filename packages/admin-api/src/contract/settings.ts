import type { SystemSettings } from "@babylon/llm-core";
import type { SettingsPatch } from "@babylon/settings-store/patch";
import type { OlderSettings } from "@babylon/settings-store/schema";

/** Options of every form of `PUT`. */
export interface SaveOptions {
  /** Save although no provider would be left, or an id is unknown. Default false. */
  readonly force?: boolean | undefined;
  /** The reason, for the history; up to 200 characters. */
  readonly reason?: string | undefined;
}

/** The older body: absent fields are not changed, `null` removes the model. */
export interface OlderPut extends SaveOptions {
  readonly wandbModel?: string | null | undefined;
  readonly wandbEnabled?: boolean | undefined;
  readonly expectedVersion?: number | undefined;
}

/** Applies a merge patch. */
export interface PatchPut extends SaveOptions {
  readonly patch: SettingsPatch;
  /** Refuse with 409 when the settings have another version. Default: no check. */
  readonly expectedVersion?: number | undefined;
}

/** Replaces all settings. */
export interface ReplacePut extends SaveOptions {
  readonly settings: SystemSettings;
  readonly expectedVersion: number;
}

/** The body of `PUT`. */
export type PutBody = OlderPut | PatchPut | ReplacePut;

/** The settings after a saved change. The first two fields are the older shape. */
export interface SavedData extends OlderSettings {
  readonly settings: SystemSettings;
  readonly version: number | null;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
  readonly activeProvider: string | null;
  readonly warnings: readonly string[];
}
