/** Reads a Device, the baselines of its namespace, and what the operator reported of it under each, with the rights of who asks. */
import { resources } from '../../api/generated/resources.ts';
import type { Device } from '../../api/v1alpha1/device.ts';
import type { DeviceBaseline } from '../../api/v1alpha1/deviceBaseline.ts';
import type { DriftReport } from '../../api/v1alpha1/driftReport.ts';
import { isReportOn } from '../../drift/driftReport/report.ts';
import { Failure, type Cluster } from '../command.ts';
import { listed } from './listed.ts';
import { allOf } from './allOf.ts';

export interface DeviceReports {
  readonly device: Device;
  readonly reports: readonly { readonly baseline: DeviceBaseline; readonly report: DriftReport }[];
}

/** What others made or copied is none of its reports. Throws `Failure` where there is no such Device. */
export async function deviceReports(cluster: Cluster, namespace: string, name: string): Promise<DeviceReports> {
  const key = { namespace, name };
  const device = await cluster.client.get<Device>(resources.Device, key, AbortSignal.timeout(10_000));
  if (!device)
    throw new Failure(
      `Device ${name} does not exist in namespace ${namespace}; list them with \`kubectl get devices -A\`.`,
    );
  // By its label where its name can be one: a fleet has many.
  const selector = name.length <= 63 ? `holdfast.dev/device=${name}` : undefined;
  const [baselines, all] = await allOf([
    listed<DeviceBaseline>(cluster, resources.DeviceBaseline, namespace),
    listed<DriftReport>(cluster, resources.DriftReport, namespace, { labelSelector: selector }),
  ]);
  const reports = baselines.flatMap((baseline) => {
    const report = all.find((one) => isReportOn(one, device, baseline.metadata.name));
    return report ? [{ baseline, report }] : [];
  });
  return { device, reports };
}
