// The API reference: Swagger UI with the OpenAPI document of this server. It stands apart from the other pages, whose
// build would otherwise share code with it and grow.

/** Where the server's addresses begin, below the path of its public URL. */
const base = new URL('..', import.meta.url).href.replace(/\/$/, '');
const place = document.getElementById('reference');
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

showTheme();
systemIsDark.addEventListener('change', showTheme);
addEventListener('storage', showTheme);
await showReference();

async function showReference() {
  const answer = await fetch(`${base}/openapi.json`);
  if (!answer.ok) {
    place.textContent = `The API description could not be loaded (status ${answer.status}). Reload the page.`;
    return;
  }
  // The page may only call the address that it was opened at, even if that is not the public one.
  const spec = { ...(await answer.json()), servers: [{ url: base }] };
  window.SwaggerUIBundle({
    domNode: place,
    spec,
    docExpansion: 'none', // tags are the contents; many open operations are slow to draw
    filter: true,
    deepLinking: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: -1, // each operation shows its own
    validatorUrl: null, // would send the document to another host
  });
}

/** Swagger UI is dark if the page has this class; the choice is the one of the other pages (web/src/theme.ts). */
function showTheme() {
  const chosen = localStorage.getItem('rollcall.theme');
  const isDark = chosen === 'dark' || (chosen !== 'light' && systemIsDark.matches);
  document.documentElement.classList.toggle('dark-mode', isDark);
}
