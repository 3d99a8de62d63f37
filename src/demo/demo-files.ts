import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** The tables of the demo and the files that they are read from: public data that vega-datasets collected. */
const files: Record<string, string> = {
  'airports.csv': 'airports.csv',
  'birdstrikes.csv': 'birdstrikes.csv',
  'cars.json': 'cars.json',
  'co2.csv': 'co2-concentration.csv',
  'countries.json': 'gapminder.json',
  'disasters.csv': 'disasters.csv',
  'earthquakes.json': 'earthquakes.json',
  'employment.csv': 'us-employment.csv',
  'flights.parquet': 'flights-3m.parquet',
  'jobs.json': 'jobs.json',
  'movies.json': 'movies.json',
  'penguins.json': 'penguins.json',
  'sp500.csv': 'sp500.csv',
  'stocks.csv': 'stocks.csv',
  'temperature.csv': 'global-temp.csv',
  'unemployment.json': 'unemployment-across-industries.json',
  'weather.csv': 'weather.csv',
};

/** Puts the demo's data where its data source reads it; what is there already stays as it is. */
export function copyDemoFiles(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const data = new URL('../data/', import.meta.resolve('vega-datasets'));
  for (const [name, source] of Object.entries(files)) {
    const target = join(folder, name);
    if (existsSync(target)) continue;
    copyFileSync(new URL(source, data), `${target}.new`);
    renameSync(`${target}.new`, target); // a table is there whole, or not at all
  }
}
