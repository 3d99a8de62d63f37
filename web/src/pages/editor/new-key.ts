/** A name for something new, for as long as it is edited. */
export const newKey = () => `new ${Math.random().toString(36).slice(2)}`;
