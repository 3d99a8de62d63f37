import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { newReport, nothingPublished, useBegunReport } from '../../api/unpublished-reports.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Editor } from './editor.tsx';
import { useLost } from './kept-here.ts';

type Begun = NonNullable<ReturnType<typeof useBegunReport>['data']>;

/** A report that is written before it is published for the first time. */
export function NewReportPage() {
  const { organization, draft: token } = useParams({ from: '/$organization/drafts/$draft' });
  const { begin } = useSearch({ from: '/$organization/drafts/$draft' });
  const begun = useBegunReport(organization, token, !begin);
  return (
    <main className="page wide">
      <Loaded query={begun}>
        {(data) =>
          data.isPublished ? (
            <ToPublished organization={organization} report={token} />
          ) : (
            <NewReport
              key={`${organization} ${token}`}
              organization={organization}
              token={token}
              begun={data}
            />
          )
        }
      </Loaded>
    </main>
  );
}

/** Opens the editor of the report that it has become. */
function ToPublished({ organization, report }: { organization: string; report: string }) {
  const navigate = useNavigate();
  useEffect(() => {
    const params = { organization, report };
    void navigate({ to: '/$organization/reports/$report/edit', params, replace: true });
  }, [navigate, organization, report]);
  return null;
}

function NewReport({
  organization,
  token,
  begun: { draft, space: kept },
}: {
  organization: string;
  token: string;
  begun: Begun;
}) {
  const { space: chosen } = useSearch({ from: '/$organization/drafts/$draft' });
  const navigate = useNavigate({ from: '/$organization/drafts/$draft' });
  const space = kept === undefined ? (chosen ?? null) : kept;
  const [editable] = useState(() => newReport(organization, token, space));
  const { data: left } = useLost(editable);
  if (left === undefined) return null;
  return (
    <Editor
      editable={editable}
      toEdit={{ published: nothingPublished, draft }}
      left={left}
      // From then on there is something to be read when the page is loaded again.
      onSaved={() => void navigate({ search: {}, replace: true })}
    />
  );
}
