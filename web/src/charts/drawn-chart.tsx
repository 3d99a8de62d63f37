import { BarChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
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
    const chart = init(element);
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
