/** Ends the beginning of a cell that a preview does not show whole. */
export const CUT_MARK = '…';
