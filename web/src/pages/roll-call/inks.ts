import { useEffect, useState } from 'react';

/** The colours of the theme as a canvas takes them, which knows no `light-dark()`. */
export type Inks = { calm: string; strong: string; alert: string };

function readInks(): Inks {
  const probe = document.createElement('span');
  document.body.append(probe);
  const ink = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const inks = { calm: ink('--edge'), strong: ink('--ink'), alert: ink('--alert') };
  probe.remove();
  return inks;
}

/** The same, read again when the reader or the system changes the theme. */
export function useInks(): Inks {
  const [inks, setInks] = useState(readInks);
  useEffect(() => {
    const read = () => setInks(readInks());
    const themed = new MutationObserver(read);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', read);
    return () => {
      themed.disconnect();
      system.removeEventListener('change', read);
    };
  }, []);
  return inks;
}
