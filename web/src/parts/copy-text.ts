/** Whether a text could be copied. Browsers let only pages of HTTPS and of their own machine do so, and may ask the reader first. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
