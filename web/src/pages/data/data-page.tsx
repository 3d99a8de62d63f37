import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type DataSource, useDataSources } from '../../api/data-sources.ts';
import { useSession } from '../../api/session.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { words } from '../../words.ts';
import { DataSourceDialog } from './data-source-dialog.tsx';
import { DataSourceItem } from './data-source-item.tsx';

/** The data sources: what each is, whether it answers, and what is in it. */
export function DataPage() {
  usePageTitle(words.data.title);
  const { organization } = useParams({ from: '/$organization' });
  const { data: state } = useSession();
  const isAdmin = state?.session?.member.role === 'admin';
  const sources = useDataSources(organization);
  const [edited, setEdited] = useState<DataSource | 'new'>();

  return (
    <main className="page">
      <div className="page-head">
        <h1>{words.data.title}</h1>
        {isAdmin && (
          <Button kind="main" onClick={() => setEdited('new')}>
            {words.data.add}
          </Button>
        )}
      </div>
      <Loaded query={sources}>
        {(list) =>
          list.length === 0 ? (
            <p className="faint">{isAdmin ? words.data.noneAdmin : words.data.none}</p>
          ) : (
            <ul>
              {list.map((source) => (
                <DataSourceItem
                  key={source.token}
                  organization={organization}
                  source={source}
                  onEdit={isAdmin ? () => setEdited(source) : undefined}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {edited !== undefined && (
        <DataSourceDialog
          organization={organization}
          source={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </main>
  );
}
