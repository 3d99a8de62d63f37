import { useParams } from '@tanstack/react-router';
import { useToEdit } from '../../api/content.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Editor } from './editor.tsx';

export function EditorPage() {
  const { organization, report } = useParams({ from: '/$organization/reports/$report/edit' });
  const toEdit = useToEdit(organization, report);
  return (
    <main className="page wide">
      <Loaded query={toEdit}>
        {(data) => (
          <Editor
            key={`${organization} ${report}`}
            organization={organization}
            report={report}
            toEdit={data}
          />
        )}
      </Loaded>
    </main>
  );
}
