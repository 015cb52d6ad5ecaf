/** The purpose of a copy of a call that is sent to a shadow arm. */
export const SHADOW_PURPOSE = "experiment-shadow";

/** The purpose of a judge's calls. */
export const JUDGE_PURPOSE = "experiment-judge";

/** Whether a call is made by experiments themselves: such calls are in no experiment. */
export const isOwnCall = (purpose: string | null): boolean => purpose === SHADOW_PURPOSE || purpose === JUDGE_PURPOSE;
