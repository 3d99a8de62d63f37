import { useState } from 'react';
import { createSchedule, type Timing } from '../../api/schedules.ts';
import { SelectField, TextField } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';

const frequencies = Object.entries(words.schedules.frequencies).map(([value, label]) => ({
  value,
  label,
}));
const days = words.schedules.days.map((day) => ({ value: day, label: day }));

/** Lets a report run by itself, by the reader's own clocks. */
export function ScheduleDialog({
  organization,
  report,
  onClose,
}: {
  organization: string;
  report: string;
  onClose: () => void;
}) {
  const [freq, setFreq] = useState('daily');
  const [time, setTime] = useState('08:00');
  const [minutePast, setMinutePast] = useState('0');
  const [day, setDay] = useState('Monday');
  const [date, setDate] = useState('1');
  const [cron, setCron] = useState('0 8 * * 1-5');
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const hasTime = freq === 'daily' || freq === 'weekly' || freq === 'monthly';

  const submit = async () => {
    const timing: Timing = { time_zone: timeZone };
    if (freq === 'cron') timing.cron = cron;
    else timing.freq = freq;
    if (hasTime) Object.assign(timing, { hour, minute });
    if (freq === 'hourly') timing.minute = Number(minutePast);
    if (freq === 'weekly') timing.day_of_week = day;
    if (freq === 'monthly') timing.day_of_month = Number(date);
    await createSchedule(organization, report, timing);
    say(words.schedules.added);
  };

  return (
    <FormDialog
      title={words.schedules.add}
      isOpen
      onClose={onClose}
      onSubmit={submit}
      submit={words.schedules.add}
    >
      <SelectField
        label={words.schedules.frequency}
        value={freq}
        options={frequencies}
        onChange={setFreq}
      />
      {freq === 'weekly' && (
        <SelectField label={words.schedules.day} value={day} options={days} onChange={setDay} />
      )}
      {freq === 'monthly' && (
        <TextField
          label={words.schedules.dayOfMonth}
          type="number"
          min={1}
          max={31}
          required
          value={date}
          onChange={(event) => setDate(event.target.value)}
        />
      )}
      {freq === 'hourly' && (
        <TextField
          label={words.schedules.minuteOfHour}
          hint={words.schedules.inTimeZone(timeZone)}
          type="number"
          min={0}
          max={59}
          required
          value={minutePast}
          onChange={(event) => setMinutePast(event.target.value)}
        />
      )}
      {hasTime && (
        <TextField
          label={words.schedules.time}
          hint={words.schedules.inTimeZone(timeZone)}
          type="time"
          required
          value={time}
          onChange={(event) => setTime(event.target.value)}
        />
      )}
      {freq === 'cron' && (
        <TextField
          label={words.schedules.cron}
          hint={words.schedules.cronHint}
          required
          value={cron}
          onChange={(event) => setCron(event.target.value)}
        />
      )}
    </FormDialog>
  );
}
