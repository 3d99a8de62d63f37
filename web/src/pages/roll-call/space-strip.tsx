import { useNavigate } from '@tanstack/react-router';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import type { Cells } from '../../api/roll-call.ts';
import { words } from '../../words.ts';
import { answers, cellAt, drawCells, gridOf } from './draw-cells.ts';
import type { Inks } from './inks.ts';
import styles from './roll-call-page.module.css';

/** A cell for each report of a space: hover tells its name, a click opens it. The lists below say the same in words. */
export function SpaceStrip({
  organization,
  label,
  cells,
  pitch,
  inks,
}: {
  organization: string;
  label: string;
  cells: Cells;
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

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(place.current as HTMLDivElement);
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
  const open = () => {
    const report = pointed === undefined ? undefined : cells.tokens[pointed];
    if (report === undefined) return;
    void navigate({ to: '/$organization/reports/$report', params: { organization, report } });
  };

  return (
    <div ref={place} className={styles.cells}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        style={{ width, height, cursor: pointed === undefined ? undefined : 'pointer' }}
        onMouseMove={point}
        onMouseLeave={() => setPointed(undefined)}
        onClick={open}
      />
      {pointed !== undefined && (
        <p className={styles.tip} style={besideCell(pointed, grid, width)}>
          <strong>{cells.names[pointed] ?? words.untitled}</strong>{' '}
          {words.rollCall.states[answers[cells.states.charAt(pointed)] ?? 'never_ran']}
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
