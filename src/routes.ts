import { apiKeyRoutes } from './api-keys/routes.ts'
import { accountRoutes } from './accounts/routes.ts'
import { addressRoutes } from './addresses/routes.ts'
import { caseRoutes } from './cases/routes.ts'
import { helpRoutes } from './help/routes.ts'
import { homeRoutes } from './home/routes.ts'
import type { Route } from './http/route.ts'
import { memberRoutes } from './members/routes.ts'
import { invitationRoutes } from './invitations/routes.ts'
import { methodRoutes } from './methods/routes.ts'
import { passwordRoutes } from './passwords/routes.ts'
import { requirementRoutes } from './requirement/routes.ts'
import { recoveryRoutes } from './recovery/routes.ts'
import { securityRoutes } from './security/routes.ts'
import { sessionRoutes } from './sessions/routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { stepUpRoutes } from './step-up/routes.ts'
import { peopleRoutes } from './teams/people-routes.ts'
import { supportRoutes } from './support/routes.ts'
import { teamRoutes } from './teams/routes.ts'
import { teamLogRoutes } from './team-log/routes.ts'
import { trustedDeviceRoutes } from './trusted-devices/routes.ts'

/** The whole surface: every address, who may call it, and what answers. Each noun keeps its rows. */
export const routes: readonly Route[] = [
  ...signInRoutes,
  ...passwordRoutes,
  ...accountRoutes,
  ...addressRoutes,
  ...sessionRoutes,
  ...stepUpRoutes,
  ...requirementRoutes,
  ...securityRoutes,
  ...methodRoutes,
  ...recoveryRoutes,
  ...trustedDeviceRoutes,
  ...teamRoutes,
  ...memberRoutes,
  ...peopleRoutes,
  ...invitationRoutes,
  ...caseRoutes,
  ...supportRoutes,
  ...teamLogRoutes,
  ...apiKeyRoutes,
  ...homeRoutes,
  ...helpRoutes,
]
