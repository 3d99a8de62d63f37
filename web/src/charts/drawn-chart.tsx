import { BarChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsInitOpts, init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { readerLocales } from '../reader.ts';
import type { Column, Rows } from '../results/columns.ts';
import styles from './chart.module.css';
import { draw } from './draw.ts';
import { readPaper } from './palette.ts';
import type { Picture } from './picture.ts';

use([
  BarChart,
  LineChart,
  PieChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  LabelLayout,
  CanvasRenderer,
]);

/** The names of months and days as the reader writes them; other words are English, as the pages are. */
const locale = {
  time: {
    month: names({ month: 'long' }, 12),
    monthAbbr: names({ month: 'short' }, 12),
    dayOfWeek: names({ weekday: 'long' }, 7),
    dayOfWeekAbbr: names({ weekday: 'short' }, 7),
  },
} as NonNullable<EChartsInitOpts['locale']>;

/** Those of the first months of a year, or of the days of a week from Sunday on. */
function names(options: Intl.DateTimeFormatOptions, count: number): string[] {
  const intl = new Intl.DateTimeFormat(readerLocales, { ...options, timeZone: 'UTC' });
  const isMonth = options.month !== undefined;
  return Array.from({ length: count }, (_, index) =>
    // 4 January 2026 is a Sunday.
    intl.format(isMonth ? Date.UTC(2026, index) : Date.UTC(2026, 0, 4 + index)),
  );
}

/** A chart on a canvas, drawn anew when its size or the theme changes. Loaded only where there is one. */
export default function DrawnChart({
  picture,
  title,
  columns,
  rows,
}: {
  picture: Picture;
  title: string;
  columns: readonly Column[];
  rows: Rows;
}) {
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = place.current as HTMLDivElement;
    const chart = init(element, undefined, { locale });
    const show = () => chart.setOption(draw(picture, columns, rows, readPaper(element)), true);
    show();
    const resized = new ResizeObserver(() => chart.resize());
    resized.observe(element);
    const themed = new MutationObserver(show);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', show);
    return () => {
      resized.disconnect();
      themed.disconnect();
      system.removeEventListener('change', show);
      chart.dispose();
    };
  }, [picture, columns, rows]);

  return <div ref={place} className={styles.canvas} role="img" aria-label={title} />;
}
