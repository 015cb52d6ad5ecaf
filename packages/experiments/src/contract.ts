export type {
  ArmComparison,
  ArmFigure,
  ArmReport,
  ExperimentLook,
  ExperimentReport,
  GuardrailQuantile,
  GuardrailReport,
  Interval,
  ServedReport,
  ShadowReport,
  Verdict,
} from "./report/experiment-report.ts";
export { audienceText } from "./settings/audience-text.ts";
export type { ExperimentsChange } from "./settings/experiments-settings.ts";
export { promotion } from "./settings/promotion.ts";
export { type UnitsNeeded, type UnitsNeededInput, unitsNeeded } from "./statistics/units-needed.ts";
