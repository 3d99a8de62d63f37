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
import { reloadWhenPartsAreGone } from './reload-once.ts';
import { router } from './router.tsx';
import { applyTheme } from './theme.ts';

applyTheme();
reloadWhenPartsAreGone();
if (!isBelow(window.location.pathname)) {
  // Somebody came past the proxy, and no link of the pages would fit.
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
