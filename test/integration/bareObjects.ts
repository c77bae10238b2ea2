/** Objects that say as little as they can, so that the apiserver and its plugins fill in as much as they do. */
import { loadAll } from 'js-yaml';
import type { Json } from './declaredObjects.ts';

const text = `
apiVersion: v1
kind: Pod
metadata: {name: mini}
spec: {containers: [{name: a, image: "a:1", ports: [{containerPort: 1}], livenessProbe: {httpGet: {port: 1}}, lifecycle: {preStop: {httpGet: {port: 1}}}}, {name: b, image: b, livenessProbe: {grpc: {port: 1}}}], volumes: [{name: c, configMap: {name: x}}, {name: s, secret: {secretName: x}}, {name: h, hostPath: {path: /x}}, {name: d, downwardAPI: {items: []}}, {name: p, projected: {sources: []}}, {name: e}, {name: i, iscsi: {targetPortal: "1.1.1.1", iqn: "iqn.2001-04.com.example:storage", lun: 0}}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: mini}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}, podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: DisruptionTarget}]}]}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: mini}
spec: {schedule: "0 0 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: mini}
spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "a:1"}], serviceAccountName: x}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mini}
spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "a:latest"}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: mini}
spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "a@sha256:0123456789012345678901234567890123456789012345678901234567890123"}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: mini}
spec: {serviceName: x, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "a:1"}]}}, volumeClaimTemplates: [{metadata: {name: d}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: mini}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: mini-np}
spec: {type: NodePort, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: mini-lb}
spec: {type: LoadBalancer, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: mini-none}
spec: {clusterIP: None, ports: [{port: 80}]}
---
apiVersion: v1
kind: LimitRange
metadata: {name: mini}
spec: {limits: [{type: Container, default: {cpu: "1"}}, {type: Pod, max: {memory: 1Gi}}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: mini}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: mini}
spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, hostPath: {path: /x}}
---
apiVersion: v1
kind: ReplicationController
metadata: {name: mini}
spec: {selector: {a: b}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "a:1"}]}}}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: mini}
provisioner: x
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: mini.example}
spec: {}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: mini}
spec: {podSelector: {}, egress: [{to: [{podSelector: {}}]}], ingress: [{ports: [{port: 1}]}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: mini}
spec: {defaultBackend: {service: {name: x, port: {number: 1}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: mini}
spec: {minAvailable: 1, selector: {matchLabels: {a: b}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: mini}
spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: x, apiVersion: apps/v1}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: mini.example}
webhooks: [{name: a.b.example, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {service: {name: x, namespace: y}}, rules: [{apiGroups: [x.example], apiVersions: [v1], operations: [CREATE], resources: [x]}]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: mini.example}
webhooks: [{name: a.b.example, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {url: "https://x.example"}, rules: [{apiGroups: [x.example], apiVersions: [v1], operations: [CREATE], resources: [x]}]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: mini.example}
spec: {matchConstraints: {resourceRules: [{apiGroups: [x.example], apiVersions: [v1], operations: [CREATE], resources: [x]}]}, validations: [{expression: "true"}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: mini.example}
spec: {policyName: mini.example, validationActions: [Deny], matchResources: {namespaceSelector: {matchLabels: {a: b}}}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: minis.mini.example}
spec: {group: mini.example, scope: Namespaced, names: {plural: minis, kind: Mini}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: mini}
roleRef: {kind: ClusterRole, name: view}
subjects: [{kind: User, name: x}]
---
apiVersion: v1
kind: Secret
metadata: {name: mini}
stringData: {a: b}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: mini}
---
apiVersion: v1
kind: Namespace
metadata: {name: mini}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: mini}
spec: {hard: {pods: "1"}}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: mini}
value: 1
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: PriorityLevelConfiguration
metadata: {name: mini}
spec: {type: Limited, limited: {limitResponse: {type: Reject}}}
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: {name: mini}
spec: {priorityLevelConfiguration: {name: mini}}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: mini}
handler: x
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: mini}
spec: {holderIdentity: x}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: mini}
spec: {controller: x.example/y, parameters: {kind: X, name: y}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: mini2}
spec: {limits: [{type: Container, max: {memory: 1Gi}, min: {cpu: 1m}}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: mini2}
spec: {template: {metadata: {labels: {a: b}}, spec: {restartPolicy: Never, containers: [{name: a, image: "reg:5000/a"}, {name: b, image: "reg:5000/a:latest"}]}}}
`;

export const bareObjects = loadAll(text) as Json[];
