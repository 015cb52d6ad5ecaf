/** The edges of the duration histograms of OpenTelemetry's GenAI conventions (v0.1.0), seconds: 0.01 and its doublings. */
export const HISTOGRAM_EDGES: readonly number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
