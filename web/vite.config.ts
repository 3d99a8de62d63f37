import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The pages become static files in dist/web, which the server serves; every asset's name has its content's hash. */
export default defineConfig({
  root: here('.'),
  base: './', // the server says below what path they are
  plugins: [react()],
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    manifest: true, // for scripts/web-budgets.mjs
    assetsInlineLimit: 0, // the content security policy lets no data: URL be a script or a font
    target: 'es2023',
    chunkSizeWarningLimit: 1500, // what draws charts is large, and loaded only where there is one
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
