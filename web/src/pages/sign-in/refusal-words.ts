/** Why a sign-in with a company account failed. Loaded with the sign-in page. */
export const refusals = {
  oidc_failed: {
    title: 'Sign-in with your company account failed',
    hint: 'It took too long, was canceled, or the provider refused it. Try again.',
  },
  email_missing: {
    title: 'Your company account has no email address',
    hint: 'Ask the administrator of the server to have the sign-in provider send your address to Rollcall.',
  },
  email_unverified: {
    title: 'The address of your company account is not verified',
    hint: 'Verify it with your provider, or ask the administrator of the server to check ROLLCALL_OIDC_EMAIL_VERIFIED. The audit log has the details.',
  },
  domain_refused: {
    title: 'Addresses of your domain cannot sign in here',
    hint: 'Use the account of another domain, or ask the administrator of the server to check ROLLCALL_OIDC_DOMAINS.',
  },
  not_a_member: {
    title: 'Your company account is not linked to a member',
    hint: 'Ask an admin to invite the address of your company account or, if it was invited, to unlink it from an earlier company account. The audit log has the details.',
  },
  several_organizations: {
    title: 'You are a member of several organizations',
    hint: 'Enter the organization below, then sign in with your company account again.',
  },
} as const;
