/** Why a sign-in with a company account failed. Loaded with the sign-in page. */
export const refusals = {
  oidc_failed: {
    title: 'Sign-in with your company account failed',
    hint: 'It took too long, was canceled, or the provider refused it. Try again.',
  },
  email_missing: {
    title: 'Your company account has no email address',
    hint: 'Ask the server administrator to have the sign-in provider send your address to Rollcall.',
  },
  email_unverified: {
    title: 'The email address of your company account is not verified',
    hint: 'Verify it with your provider, or ask the server administrator to check ROLLCALL_OIDC_EMAIL_VERIFIED. The audit log has the details.',
  },
  domain_refused: {
    title: 'Your email domain cannot sign in here',
    hint: 'Use an account from another domain, or ask the server administrator to check ROLLCALL_OIDC_DOMAINS.',
  },
  not_a_member: {
    title: 'Your company account is not linked to a member',
    hint: 'Ask an admin to invite the email address of your company account or, if it is already invited, to unlink its earlier company account. The audit log has the details.',
  },
  several_organizations: {
    title: 'You are a member of several organizations',
    hint: 'Enter the organization below, then sign in with your company account again.',
  },
} as const;
