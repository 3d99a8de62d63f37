import { useState } from 'react';
import { changeSchedule, createSchedule, type Schedule, type Timing } from '../api/schedules.ts';
import { CheckList } from '../parts/check-list.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { clock } from '../parts/schedule-timing.ts';
import { say } from '../parts/toast.tsx';
import { words } from '../words.ts';

const frequencies = Object.entries(words.schedules.frequencies).map(([value, label]) => ({
  value,
  label,
}));
const days = words.schedules.days.map((day) => ({ value: day, label: day }));

const orElse = (value: number | null | undefined, otherwise: number) => String(value ?? otherwise);

/** Lets a report run by itself, by the reader's own clocks; or changes when it does, by the clocks of the schedule. */
export function ScheduleDialog({
  organization,
  report,
  schedule,
  onClose,
}: {
  organization: string;
  report: string;
  /** The one to change; undefined for a new one. */
  schedule?: Schedule | undefined;
  onClose: () => void;
}) {
  const [freq, setFreq] = useState(schedule?.frequency ?? 'daily');
  const [time, setTime] = useState(() =>
    clock(schedule?.cron_hour ?? 8, schedule?.cron_minute ?? 0),
  );
  const [minutePast, setMinutePast] = useState(orElse(schedule?.cron_minute, 0));
  const [chosen, setChosen] = useState(schedule?.day_of_week?.split(',') ?? ['Monday']);
  const [date, setDate] = useState(orElse(schedule?.day_of_month, 1));
  const [cron, setCron] = useState(schedule?.cron ?? '0 8 * * 1-5');
  const timeZone = schedule?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const hasTime = freq === 'daily' || freq === 'weekly' || freq === 'monthly';

  const submit = async () => {
    const timing: Timing = { time_zone: timeZone };
    if (freq === 'cron') timing.cron = cron;
    else timing.freq = freq;
    if (hasTime) Object.assign(timing, { hour, minute });
    if (freq === 'hourly') timing.minute = Number(minutePast);
    if (freq === 'weekly') timing.day_of_week = chosen.join(',');
    if (freq === 'monthly') timing.day_of_month = Number(date);
    if (schedule) await changeSchedule(organization, schedule, { cron: timing });
    else await createSchedule(organization, report, timing);
    say(schedule ? words.saved : words.schedules.added);
  };

  return (
    <FormDialog
      title={schedule ? words.schedules.change : words.schedules.add}
      isOpen
      onClose={onClose}
      onSubmit={submit}
      submit={schedule ? words.save : words.schedules.add}
    >
      <SelectField
        label={words.schedules.frequency}
        value={freq}
        options={frequencies}
        onChange={setFreq}
      />
      {freq === 'weekly' && (
        <CheckList
          legend={words.schedules.daysOfWeek}
          options={days}
          chosen={chosen}
          onTurn={(day, isOn) =>
            setChosen(isOn ? [...chosen, day] : chosen.filter((one) => one !== day))
          }
        />
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
          hint={`${words.schedules.cronHint} ${words.schedules.inTimeZone(timeZone)}`}
          required
          value={cron}
          onChange={(event) => setCron(event.target.value)}
        />
      )}
    </FormDialog>
  );
}
