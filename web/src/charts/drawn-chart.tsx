import { BarChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { drawPicture } from '../../../src/charts/draw/draw-picture.ts';
import { type Drawing, USUAL_HEIGHT } from '../../../src/charts/draw/sheet.ts';
import type { Picture } from '../../../src/charts/picture.ts';
import type { Writers } from '../../../src/charts/writers.ts';
import styles from './chart.module.css';
import { readPaper } from './palette.ts';

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

/** A picture on a canvas, drawn again when its width or the theme changes. Loaded only where there is one. */
export default function DrawnChart({
  picture,
  type,
  writers,
  title,
  summaryId,
}: {
  picture: Picture;
  type: string | null;
  writers: Writers;
  title: string;
  /** The element that says what it shows. */
  summaryId: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(null);
  const look = useLook(place);
  const [drawing, setDrawing] = useState<Drawing>();

  useLayoutEffect(() => {
    if (look === undefined || place.current === null) return;
    const paper = readPaper(place.current);
    setDrawing(drawPicture(picture, type, { paper, writers, width: look.width }));
  }, [picture, type, writers, look]);

  useLayoutEffect(() => {
    if (drawing === undefined || 'nothing' in drawing || canvas.current === null) return;
    const { height } = drawing;
    if (chart.current) chart.current.resize({ height, width: 'auto' });
    else chart.current = init(canvas.current, undefined, { height });
    chart.current.setOption(drawing.options, true);
  }, [drawing]);

  useEffect(
    () => () => {
      chart.current?.dispose();
      chart.current = null;
    },
    [],
  );

  const nothing = drawing !== undefined && 'nothing' in drawing ? drawing.nothing : undefined;
  const height =
    drawing !== undefined && 'height' in drawing
      ? Math.max(drawing.height, USUAL_HEIGHT)
      : USUAL_HEIGHT;
  return (
    <div ref={place}>
      {nothing !== undefined && <p className={styles.none}>{nothing}</p>}
      <div
        ref={canvas}
        className={styles.canvas}
        hidden={nothing !== undefined}
        style={{ height }}
        role="img"
        aria-label={title}
        aria-describedby={summaryId}
      />
    </div>
  );
}

/** How wide an element is, and in a new object whenever the theme is another. */
function useLook(place: React.RefObject<HTMLDivElement | null>): { width: number } | undefined {
  const [look, setLook] = useState<{ width: number }>();
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const show = () => {
      const width = Math.round(element.clientWidth);
      if (width > 0) setLook({ width });
    };
    const resized = new ResizeObserver(() => {
      const width = Math.round(element.clientWidth);
      setLook((now) => (width === 0 || now?.width === width ? now : { width }));
    });
    resized.observe(element);
    const themed = new MutationObserver(show);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', show);
    // Paper has colors of its own, and does not wait.
    const printed = matchMedia('print');
    const showAtOnce = () => flushSync(show);
    printed.addEventListener('change', showAtOnce);
    return () => {
      resized.disconnect();
      themed.disconnect();
      system.removeEventListener('change', show);
      printed.removeEventListener('change', showAtOnce);
    };
  }, [place]);
  return look;
}
