import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/page.css';
import './styles/print.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/client.ts';
import { basePath } from './base-path.ts';
import { ToastPlace } from './parts/toast.tsx';
import { router } from './router.tsx';
import { applyTheme } from './theme.ts';

const NAME = 'rollcall reloaded';
/** Who meets the same failure again so soon is told, instead of seeing the page load again and again. */
const AGAIN_MS = 30_000;

applyTheme();
reloadWhenPartsAreGone();
if (!isBelow(window.location.pathname)) {
  // The request bypassed the proxy, and no link of the pages would fit.
  const { pathname, search, hash } = window.location;
  window.location.replace(basePath + pathname + search + hash);
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <ToastPlace />
    </QueryClientProvider>
  </StrictMode>,
);

function isBelow(path: string): boolean {
  return path === basePath || path.startsWith(`${basePath}/`);
}

/**
 * A page that was open while its server was upgraded lacks parts that the new one does not have: it then reloads,
 * once.
 */
function reloadWhenPartsAreGone(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(NAME) ?? 0);
    if (!navigator.onLine || Date.now() - last < AGAIN_MS) return;
    sessionStorage.setItem(NAME, String(Date.now()));
    event.preventDefault();
    window.location.reload();
  });
}
