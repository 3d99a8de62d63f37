import { useNavigate } from '@tanstack/react-router';
import { type MouseEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { words } from '../../words.ts';
import { answers, cellAt, drawCells, gridOf } from './draw-cells.ts';
import type { Inks } from './inks.ts';
import styles from './roll-call-page.module.css';
import { reportAt, type StripCells } from './strip-cells.ts';

/** A cell for each report: hover tells its name, a click opens it. The lists below say the same in words. */
export function CellStrip({
  organization,
  label,
  cells,
  pitch,
  inks,
}: {
  organization: string;
  label: string;
  cells: StripCells;
  pitch: number;
  inks: Inks;
}) {
  const navigate = useNavigate();
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [pointed, setPointed] = useState<number>();
  const count = cells.tokens.length;
  const grid = gridOf(count, pitch, width);
  const height = grid.lines * pitch;

  useLayoutEffect(() => {
    const element = place.current as HTMLDivElement;
    // Before anything is shown: the height of what follows hangs on it.
    setWidth(element.getBoundingClientRect().width);
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || width === 0) return;
    const scale = window.devicePixelRatio;
    context.canvas.width = width * scale;
    context.canvas.height = height * scale;
    context.scale(scale, scale);
    drawCells(context, cells.states, gridOf(cells.states.length, pitch, width), inks);
  }, [cells, pitch, width, height, inks]);

  const point = ({ nativeEvent: { offsetX, offsetY } }: MouseEvent) =>
    setPointed(cellAt(grid, count, offsetX, offsetY));
  const report = pointed === undefined ? undefined : reportAt(cells, pointed);
  const open = () => {
    if (report === undefined) return;
    const params = { organization, report: report.token };
    void navigate({ to: '/$organization/reports/$report', params });
  };

  return (
    <div ref={place} className={styles.cells}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        style={{ width, height, cursor: report && 'pointer' }}
        onMouseMove={point}
        onMouseLeave={() => setPointed(undefined)}
        onClick={open}
      />
      {report && pointed !== undefined && (
        <p className={styles.tip} style={besideCell(pointed, grid, width)}>
          <strong>{report.name ?? words.untitled}</strong>{' '}
          {words.rollCall.states[answers[report.state] ?? 'never_ran']}{' '}
          <span className="faint">{report.space}</span>
        </p>
      )}
    </div>
  );
}

/** Below the cell, and towards the middle, so that it stays in sight. */
function besideCell(
  index: number,
  { perLine, pitch }: ReturnType<typeof gridOf>,
  width: number,
): { top: number; left?: number; right?: number } {
  const x = (index % perLine) * pitch;
  const top = (Math.floor(index / perLine) + 1) * pitch + 4;
  return x < width / 2 ? { top, left: x } : { top, right: width - x - pitch };
}
