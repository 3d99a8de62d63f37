import type { EmailTrust } from '../config.ts';
import { quoted } from '../errors.ts';
import { isEmail } from '../members/member.ts';
import { shortened } from '../text.ts';

const MOST_SHOWN = 100;

/** What a provider says of somebody's address: whatever it sent, in whatever form. */
export type EmailClaims = { email: unknown; isVerified: unknown };

/** An address that counts, in lower case, or why there is none. */
export type ClaimedEmail =
  | { email: string; refusal?: undefined }
  | {
      email?: undefined;
      refusal: 'email_missing' | 'email_unverified' | 'domain_refused';
      reason: string;
    };

/**
 * The address of somebody at a provider. The claim `email_verified` is true or false, or the same as text, as some providers
 * send it; a provider that sends none is believed with `assume` alone, and one that says false never.
 */
export function readClaimedEmail(
  { email: given, isVerified }: EmailClaims,
  { domains, emailTrust }: { domains: readonly string[]; emailTrust: EmailTrust },
): ClaimedEmail {
  if (given === undefined || given === null || given === '')
    return { refusal: 'email_missing', reason: 'The provider sent no email.' };
  const email = typeof given === 'string' ? given.trim().toLowerCase() : '';
  if (!isEmail(email)) {
    const sent = inWords(given);
    return {
      refusal: 'email_missing',
      reason: `The claim email is ${sent}, which is not an address.`,
    };
  }
  if (!isVouchedFor(isVerified, emailTrust)) {
    const sent = isVerified === undefined ? 'missing' : inWords(isVerified);
    const reason = `The claim email_verified is ${sent}; see ROLLCALL_OIDC_EMAIL_VERIFIED.`;
    return { refusal: 'email_unverified', reason };
  }
  const domain = email.slice(email.lastIndexOf('@') + 1);
  if (domains.length > 0 && !domains.includes(domain)) {
    const reason = `${quoted(domain)} is not one of ROLLCALL_OIDC_DOMAINS.`;
    return { refusal: 'domain_refused', reason };
  }
  return { email };
}

function isVouchedFor(isVerified: unknown, emailTrust: EmailTrust): boolean {
  if (isVerified === undefined || isVerified === null) return emailTrust === 'assume';
  return isVerified === true || (typeof isVerified === 'string' && /^true$/i.test(isVerified));
}

function inWords(claim: unknown): string {
  return shortened(JSON.stringify(claim), MOST_SHOWN);
}
