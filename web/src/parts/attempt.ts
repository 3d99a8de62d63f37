import { told } from '../api/client.ts';
import { say } from './toast.tsx';

/** Does what a button asks for, and says what stood in the way where it fails. */
export async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { message, hint } = told(error);
    say(hint === undefined ? message : `${message} ${hint}`);
  }
}
