import { useCallback, useEffect, useState } from "react";
import { parseView, type TabView, writeView } from "./tab-view.ts";

/** Changes the view. `push`: the button "back" of the browser leads to the view before. */
export type SetView = (next: TabView, push?: boolean) => void;

/** The view that the URL names, and the function that changes both. Follows the buttons "back" and "forward". */
export function useTabView(): readonly [TabView, SetView] {
  const [search, setSearch] = useState(() => (typeof location === "undefined" ? "" : location.search));

  useEffect(() => {
    const follow = () => setSearch(location.search);
    follow();
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);

  const setView = useCallback<SetView>((next, push = false) => {
    const url = location.pathname + writeView(next, location.search) + location.hash;
    // The state of the host's router is kept.
    if (push) history.pushState(history.state, "", url);
    else history.replaceState(history.state, "", url);
    setSearch(location.search);
  }, []);
  return [parseView(search), setView];
}
