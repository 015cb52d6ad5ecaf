/** A message of the service to the operator. */
export type ServiceMessage =
  | { readonly type: "answered"; readonly provider: string; readonly settingsVersion: number | null }
  | { readonly type: "changed"; readonly version: number | null; readonly by: string | null };
