import { useParams } from '@tanstack/react-router';
import { useToEdit } from '../../api/content.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Editor } from './editor.tsx';
import { useLost } from './kept-here.ts';

export function EditorPage() {
  const { organization, report } = useParams({ from: '/$organization/reports/$report/edit' });
  const toEdit = useToEdit(organization, report);
  const { data: left } = useLost(organization, report);
  return (
    <main className="page wide">
      <Loaded query={toEdit}>
        {(data) =>
          left !== undefined && (
            <Editor
              key={`${organization} ${report}`}
              organization={organization}
              report={report}
              toEdit={data}
              left={left}
            />
          )
        }
      </Loaded>
    </main>
  );
}
