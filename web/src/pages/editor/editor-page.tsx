import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { publishedReport, useToEdit } from '../../api/content.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Editor } from './editor.tsx';
import { useLost } from './kept-here.ts';

export function EditorPage() {
  const { organization, report } = useParams({ from: '/$organization/reports/$report/edit' });
  const editable = useMemo(() => publishedReport(organization, report), [organization, report]);
  const toEdit = useToEdit(editable);
  const { data: left } = useLost(editable);
  return (
    <main className="page wide">
      <Loaded query={toEdit}>
        {(data) =>
          left !== undefined && (
            <Editor
              key={`${organization} ${report}`}
              editable={editable}
              toEdit={data}
              left={left}
            />
          )
        }
      </Loaded>
    </main>
  );
}
