import { Navigate } from '@tanstack/react-router';
import { useSession } from '../api/session.ts';

/** `/`: on to the organization that the reader is signed in to, or to the sign-in. */
export function StartPage() {
  const { data: state, error } = useSession();
  if (!state) {
    if (error) throw error;
    return null;
  }
  const { session } = state;
  if (!session) return <Navigate to="/sign-in" replace />;
  return (
    <Navigate
      to="/$organization"
      params={{ organization: session.organization.username }}
      replace
    />
  );
}
