import { Link } from '@tanstack/react-router';
import type { Editable } from '../../api/edited-content.ts';
import { editorWords } from './editor-words.ts';

/** The way out of the editor: to the report, or to the list while there is none yet. */
export function WayOut({
  editable: { organization, token, newIn },
  className,
}: {
  editable: Editable;
  className?: string;
}) {
  return newIn === undefined ? (
    <Link
      to="/$organization/reports/$report"
      params={{ organization, report: token }}
      className={className}
    >
      {editorWords.toReport}
    </Link>
  ) : (
    <Link to="/$organization" params={{ organization }} className={className}>
      {editorWords.toReports}
    </Link>
  );
}
