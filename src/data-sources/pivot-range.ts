/** Which part of a pivot table is read: rows are its series, one for each measure, and columns its values of x. */
export type PivotRange = { row: number; rows: number; column: number; columns: number };
