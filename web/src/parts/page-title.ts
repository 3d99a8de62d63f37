import { useEffect } from 'react';
import { words } from '../words.ts';

/** What the browser calls the page, in tabs and bookmarks and read aloud: what it shows before the name of the product. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${words.product}` : words.product;
  }, [title]);
}
