/** What has the focus; of an item of a menu, which closes, what opened the menu. */
export function findOpener(): HTMLElement | null {
  const { activeElement } = document;
  const trigger = activeElement?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  const opener = trigger ? document.getElementById(trigger) : activeElement;
  return opener instanceof HTMLElement ? opener : null;
}

/** Gives the focus back, or to the place of the content where what had it is not there any more. */
export function returnFocus(opener?: HTMLElement | null): void {
  // It may be on something else by now, such as the heading of another page.
  if (document.activeElement !== document.body) return;
  opener?.focus();
  if (document.activeElement === document.body)
    document.getElementById('content')?.focus({ preventScroll: true });
}
