/** The dashboard of Holdfast: how much is known of the fleet first, then what differs, then what is done about it, then the operator itself. */
import { drift, fleet } from './fleetRows.ts';
import { corrections, operator } from './operatorRows.ts';
import type { Dashboard } from './panel.ts';

export const holdfastDashboard: Dashboard = {
  name: 'holdfast',
  title: 'Holdfast',
  rows: [fleet, drift, corrections, operator],
};
