import type { AdminData, TuningData } from "@babylon/admin-api/contract";
import type { QueryClient } from "@tanstack/react-query";
import type { AdminClient } from "../data/admin-client.ts";
import type { TabView } from "../usage/tab-view.ts";

/** The parts of the page for tuning share these. */
export interface TuningContext {
  readonly data: AdminData;
  readonly tuning: TuningData;
  readonly view: TabView;
  readonly client: AdminClient;
  readonly queries: QueryClient;
  /** On the server's clock, epoch milliseconds. */
  readonly now: number;
  readonly readOnly: boolean;
  nameOf(provider: string): string;
  onView(view: TabView, push?: boolean): void;
  onRefresh(): void;
  /** Opens the dialog for a promotion. */
  onPromote(job: string, model: string): void;
  /** Opens the dialog for a rollback. */
  onRollBack(name: string): void;
}

/** What can be open on the page. */
export type TuningKind = "job" | "dataset" | "evaluation";
