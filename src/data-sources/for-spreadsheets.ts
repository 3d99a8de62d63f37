/** How a text begins that a spreadsheet would run: the list of ASVS 1.2.10, and the same signs in full width. */
export const formulaStarts: readonly string[] = [...'=+-@\t\r\n\0＝＋－＠'];

/** Before UTF-8; without it Excel takes a CSV file for one in the code page of its machine. */
export const BYTE_ORDER_MARK = '\ufeff';
