/** How a text begins that a spreadsheet would run: the list of ASVS 1.2.10, and the same signs in full width. */
export const formulaStarts: readonly string[] = [...'=+-@\t\r\n\0＝＋－＠'];
