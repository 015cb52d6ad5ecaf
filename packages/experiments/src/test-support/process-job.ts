/** What a process of the test of many processes does. */
export interface ProcessJob {
  /** Keys and base URLs of the simulator. */
  readonly env: Readonly<Record<string, string>>;
  readonly settingsUrl: string;
  readonly rowsUrl: string;
  /** The part of the call ids that tells the processes apart. */
  readonly name: string;
  readonly calls: number;
  readonly agents: number;
  readonly concurrency: number;
}
