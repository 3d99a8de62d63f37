const NAME = 'rollcall reloaded';
/** Who meets the same failure again so soon is told, instead of seeing the page load again and again. */
const AGAIN_MS = 30_000;

/**
 * A page that was open while its server was upgraded lacks parts that the new one does not have: it then loads itself anew,
 * once.
 */
export function reloadWhenPartsAreGone(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(NAME) ?? 0);
    if (!navigator.onLine || Date.now() - last < AGAIN_MS) return;
    sessionStorage.setItem(NAME, String(Date.now()));
    event.preventDefault();
    window.location.reload();
  });
}
