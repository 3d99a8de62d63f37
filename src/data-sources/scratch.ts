/** The folder beside a result's file that its query works in; it goes with the process. */
export function scratchOf(resultFile: string): string {
  return `${resultFile}.scratch`;
}
