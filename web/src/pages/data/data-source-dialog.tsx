import { useState } from 'react';
import {
  changeDataSource,
  createDataSource,
  type DataSource,
  testDataSource,
} from '../../api/data-sources.ts';
import { SelectField, TextField } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import { adapters, kindOf } from './adapters.ts';

/** Connects a data source, or changes one; then says whether it is connected. */
export function DataSourceDialog({
  organization,
  source,
  onClose,
}: {
  organization: string;
  source: DataSource | undefined;
  onClose: () => void;
}) {
  const [adapter, setAdapter] = useState<DataSource['adapter']>(
    source?.adapter ?? 'jdbc:postgresql',
  );
  const [values, setValues] = useState<Record<string, string>>(() => startOf(source));
  const { fields } = kindOf(adapter);
  const set = (name: string) => (value: string) => setValues({ ...values, [name]: value });

  const submit = async () => {
    const options = fields.map(({ name, isNumber }) => {
      const value = values[name] || undefined;
      return [name, value && isNumber ? Number(value) : value];
    });
    const isServer = fields.some(({ name }) => name === 'host');
    const sent = {
      name: values.name ?? '',
      description: values.description || null,
      ...Object.fromEntries(options),
      ...(isServer && values.ssl_mode && { ssl_mode: values.ssl_mode }),
    };
    const saved = source
      ? await changeDataSource(organization, source.token, sent)
      : await createDataSource(organization, { ...sent, adapter });
    // The dialog closes meanwhile: a host that does not answer takes its time.
    void sayWhetherConnected(organization, saved);
  };

  return (
    <FormDialog
      title={source ? words.data.change : words.data.add}
      isOpen
      onClose={onClose}
      onSubmit={submit}
      submit={source ? words.save : words.data.add}
    >
      {!source && (
        <SelectField
          label={words.data.kind}
          value={adapter}
          onChange={setAdapter}
          options={adapters.map((one) => ({ value: one, label: kindOf(one).label }))}
        />
      )}
      <TextField
        label={words.name}
        required
        maxLength={255}
        value={values.name ?? ''}
        onChange={(event) => set('name')(event.target.value)}
      />
      <TextField
        label={words.description}
        value={values.description ?? ''}
        onChange={(event) => set('description')(event.target.value)}
      />
      {fields.map(({ name, label, isNumber, isSecret, isOptional, hint }) => (
        <TextField
          key={name}
          label={label}
          type={isSecret ? 'password' : isNumber ? 'number' : 'text'}
          autoComplete={isSecret ? 'new-password' : 'off'}
          required={!isOptional}
          hint={isSecret && source?.has_password ? words.data.passwordKept : hint}
          value={values[name] ?? ''}
          onChange={(event) => set(name)(event.target.value)}
        />
      ))}
      {fields.some(({ name }) => name === 'host') && (
        <SelectField
          label={words.data.fields.ssl}
          value={values.ssl_mode ?? 'disable'}
          onChange={set('ssl_mode')}
          options={Object.entries(words.data.ssl).map(([value, label]) => ({ value, label }))}
        />
      )}
    </FormDialog>
  );
}

/** Tests what was saved. Its item in the list shows why a connection failed. */
async function sayWhetherConnected(organization: string, { token, name }: DataSource) {
  try {
    const test = await testDataSource(organization, token);
    if (test?.state === 'succeeded') say(words.data.savedAndConnected(name));
    if (test?.state === 'failed') say(words.data.savedNotConnected(name));
  } catch {
    say(words.data.savedNotTested(name));
  }
}

function startOf(source: DataSource | undefined): Record<string, string> {
  if (source === undefined) return { folder: '.' };
  const kept: Record<string, string> = {};
  for (const name of [
    'name',
    'description',
    'host',
    'port',
    'database',
    'username',
    'ssl_mode',
    'folder',
    'file',
  ] as const) {
    const value = source[name];
    if (value !== null) kept[name] = String(value);
  }
  return kept;
}
