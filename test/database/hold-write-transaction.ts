import Sqlite from 'better-sqlite3';

/** A process that writes to a store and does not end: run with the path of its file, until its standard input ends. */
const [path] = process.argv.slice(2);
const database = new Sqlite(path as string, { timeout: 10_000 });
database.exec('begin immediate');
process.stdout.write('writing\n');
process.stdin.resume().on('end', () => database.exec('commit'));
