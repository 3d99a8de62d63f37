import type { ReactNode } from 'react';
import { useDrafts } from '../../api/report-list.ts';
import { spaceLabel, useSpace } from '../../api/spaces.ts';
import { discardReport } from '../../api/unpublished-reports.ts';
import { newReportWords as texts } from '../../manage/manage-words.ts';
import { attempt } from '../../parts/attempt.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Time } from '../../parts/time.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';

/** The reports that the reader is writing and has never published. */
export default function Drafts({
  organization,
  linkTo,
}: {
  organization: string;
  /** The way into the editor. It comes with the list, whose script has it already. */
  linkTo: (token: string, name: string) => ReactNode;
}) {
  const drafts = useDrafts(organization);
  const discard = (token: string) =>
    attempt(async () => {
      const bringBack = await discardReport(organization, token);
      say(texts.discarded, { label: words.undo, act: () => void attempt(bringBack) });
    });
  return (
    <Loaded query={drafts}>
      {({ reports }) =>
        reports.length === 0 ? (
          <p className="faint">{texts.none}</p>
        ) : (
          <table className="things">
            <thead>
              <tr>
                <th scope="col">{words.reports.name}</th>
                <th scope="col" className="spare">
                  {words.reports.space}
                </th>
                <th scope="col">{texts.saved}</th>
                <th scope="col">
                  <span className="out-of-sight">{words.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {reports.map(({ token, name, space_token: space, saved_at: savedAt }) => (
                <tr key={token}>
                  <td>{linkTo(token, name ?? words.untitled)}</td>
                  <td className="spare">
                    <SpaceName organization={organization} space={space} />
                  </td>
                  <td>
                    <Time at={savedAt} />
                  </td>
                  <td>
                    <Button
                      aria-label={texts.discardOf(name ?? words.untitled)}
                      onClick={() => discard(token)}
                    >
                      {texts.discard}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Loaded>
  );
}

function SpaceName({ organization, space }: { organization: string; space: string | null }) {
  const { data } = useSpace(organization, space ?? undefined);
  return space === null ? words.ownSpace : data ? spaceLabel(data) : null;
}
