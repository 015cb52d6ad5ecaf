import { type RefObject, useEffect } from "react";

const REMEMBERED = 20;

const isUsable = (element: Element): boolean =>
  element.isConnected && !element.matches(":disabled") && element.checkVisibility();

/**
 * Keeps the focus inside an element: when the focused control is removed or disabled, the one that was focused before it gets the focus,
 * else the heading. A visitor who clicks elsewhere has no focus to keep.
 */
export function useFocusKeeper(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = root.current;
    if (element === null) return undefined;
    /** The latest last. */
    let focused: HTMLElement[] = [];
    let isHeld = false;

    function onFocusIn({ target }: FocusEvent): void {
      if (!(target instanceof HTMLElement)) return;
      focused = [...focused.filter((each) => each !== target && each.isConnected), target].slice(-REMEMBERED);
      isHeld = true;
    }
    function onFocusOut({ target, relatedTarget }: FocusEvent): void {
      if (relatedTarget instanceof Node) {
        isHeld = element?.contains(relatedTarget) === true;
        return;
      }
      // An element that is removed loses the focus, too. One that is still there lost it to a click elsewhere, or to another window.
      queueMicrotask(() => {
        const isLeft = target instanceof Element && isUsable(target) && document.activeElement !== target;
        if (isLeft) isHeld = false;
      });
    }
    function keep(): void {
      const active = document.activeElement;
      const isLost = active === null || active === document.body || (element?.contains(active) && !isUsable(active));
      if (!isHeld || !isLost) return;
      const next = focused.findLast(isUsable) ?? element?.querySelector<HTMLElement>("h1") ?? null;
      next?.focus({ preventScroll: true });
    }
    const observer = new MutationObserver(keep);
    observer.observe(element, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["disabled", "open"],
    });
    element.addEventListener("focusin", onFocusIn);
    element.addEventListener("focusout", onFocusOut);
    return () => {
      observer.disconnect();
      element.removeEventListener("focusin", onFocusIn);
      element.removeEventListener("focusout", onFocusOut);
    };
  }, [root]);
}
