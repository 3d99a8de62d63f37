const here = import.meta.url;

/** Below what path of the host the pages are, as the server's public URL has it: what is built lies in `assets/` there. */
export const basePath = import.meta.env.DEV ? '' : new URL('..', here).pathname.replace(/\/$/, '');

/** The address of something of our own server, for what is not called by the client. */
export const ownAddress = (path: string): string => window.location.origin + basePath + path;
