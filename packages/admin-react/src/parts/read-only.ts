import { type Context, createContext, useContext } from "react";

/** Whether the visitor may only look: controls that change something are disabled. */
export const ReadOnlyContext: Context<boolean> = createContext(false);

/** Whether the page is read-only. */
export const useReadOnly = (): boolean => useContext(ReadOnlyContext);
