import { useParams } from '@tanstack/react-router';
import { useToEdit } from '../../api/content.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Editor } from './editor.tsx';
import { NarrowEditor } from './narrow-editor.tsx';
import { useIsWide } from './use-is-wide.ts';

export function EditorPage() {
  const { organization, report } = useParams({ from: '/$organization/reports/$report/edit' });
  const toEdit = useToEdit(organization, report);
  const isWide = useIsWide();
  const key = `${organization} ${report}`;
  return (
    <main className="page wide">
      <Loaded query={toEdit}>
        {(data) =>
          isWide ? (
            <Editor key={key} organization={organization} report={report} toEdit={data} />
          ) : (
            <NarrowEditor content={data.draft?.content ?? data.published.content} />
          )
        }
      </Loaded>
    </main>
  );
}
