import { DropdownMenu } from 'radix-ui';
import { downloadAddress, type Format, type QueryRun, type Run } from '../../api/runs.ts';
import { Button } from '../../parts/button.tsx';
import menu from '../../parts/menu.module.css';
import { words } from '../../words.ts';

type Downloaded = { organization: string; report: string; run: Run };

const formats: readonly Format[] = ['csv', 'json', 'parquet'];

/** In a menu: the files of a query's result, or of a run's; of several queries there is only an archive. */
export function DownloadItems({
  organization,
  report,
  run,
  queryRun,
}: Downloaded & { queryRun?: QueryRun }) {
  const isArchive = queryRun === undefined && run.query_count > 1;
  return (isArchive ? (['csv'] as const) : formats).map((format) => (
    <DropdownMenu.Item key={format} asChild className={menu.item}>
      <a href={downloadAddress(organization, report, run.token, format, queryRun?.token)} download>
        {isArchive ? words.report.downloadAll : words.report.download[format]}
      </a>
    </DropdownMenu.Item>
  ));
}

/** Downloads the result of one query among several. */
export function DownloadMenu(of: Downloaded & { queryRun: QueryRun }) {
  const name = of.queryRun.query_name ?? words.untitled;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button kind="bare" aria-label={words.report.downloadResultOf(name)}>
          {words.report.downloadResult}
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.menu} align="end" sideOffset={4}>
          <DownloadItems {...of} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
