/** Objects as people declare them: shorthand, old habits and all, so that what the apiserver stores looks different. */
import { loadAll } from 'js-yaml';

export type Json = Record<string, unknown> & { apiVersion: string; kind: string; metadata: { name: string } };

const text = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}, annotations: {}, creationTimestamp: null}
spec:
  replicas: 2
  paused: false
  selector: {matchLabels: {app: web}}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: web}, creationTimestamp: null}
    spec:
      hostNetwork: false
      securityContext: {}
      nodeSelector: {}
      tolerations: [{key: dedicated, operator: Exists}]
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}
      initContainers: [{name: wait, image: "busybox:1", command: [sleep, "1"]}]
      containers:
      - name: web
        image: nginx:1
        env:
        - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
        - {name: EMPTY, value: ""}
        ports: [{containerPort: 8080}, {containerPort: 8080, protocol: UDP}, {name: metrics, containerPort: 9090, hostPort: 0}]
        resources: {limits: {cpu: 1000m, memory: 1024Mi}, requests: {cpu: 0.1, memory: "1e6"}}
        readinessProbe: {httpGet: {path: /, port: 8080}, initialDelaySeconds: 0}
        volumeMounts: [{name: settings, mountPath: /settings, readOnly: false}]
      volumes:
      - {name: settings, projected: {sources: [{serviceAccountToken: {path: token}}, {downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}}]}}
      - {name: scratch, emptyDir: {sizeLimit: 512Mi}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec:
  serviceName: store
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec: {containers: [{name: store, image: "store:1"}]}
  volumeClaimTemplates:
  - metadata: {name: disk}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1024Mi}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}, {name: dns, port: 53, protocol: UDP}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {}
  ingress:
  - from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {team: a}}}]
    ports: [{port: 8080}, {port: 53, protocol: UDP}]
  egress: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: comparison-reader}
rules:
- {apiGroups: [""], resources: [pods, services], verbs: [get, list]}
- {nonResourceURLs: [/healthz], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: comparison-reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: comparison-reader}
subjects: [{kind: User, name: alice}, {kind: ServiceAccount, name: reader, namespace: default}]
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota}
spec: {hard: {requests.cpu: 1000m, limits.memory: 2048Mi, pods: 10}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a.conf: "x: 1\\ny: 2\\n", empty: ""}
binaryData: {blob: "YWJj"}
---
apiVersion: v1
kind: Secret
metadata: {name: login}
type: Opaque
data: {user: "cm9vdA=="}
stringData: {password: s3cret}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 50%, selector: {matchLabels: {app: web}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 2 * * *"
  suspend: false
  jobTemplate:
    spec:
      template:
        spec: {restartPolicy: Never, containers: [{name: job, image: "job:1", resources: {requests: {cpu: 0.5}}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {example.com/owner: web}}
spec:
  rules:
  - host: web.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: comparison-fast}
provisioner: example.com/disk
parameters: {type: fast}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: comparison-high}
value: 1000
globalDefault: false
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 4
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: comparison-hook}
webhooks:
- name: hook.example.com
  sideEffects: None
  failurePolicy: Ignore
  admissionReviewVersions: [v1]
  clientConfig: {service: {namespace: default, name: hook}}
  rules: [{apiGroups: [example.com], apiVersions: [v1], operations: [CREATE], resources: [things]}]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gauges.comparison.holdfast.dev}
spec:
  group: comparison.holdfast.dev
  names: {kind: Gauge, plural: gauges}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns: [{name: Size, type: string, jsonPath: .spec.size, description: "", priority: 0}]
    schema:
      openAPIV3Schema:
        type: object
        description: ""
        properties:
          spec:
            type: object
            properties:
              size: {anyOf: [{type: integer}, {type: string}], x-kubernetes-int-or-string: true, pattern: '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$'}
              wait: {type: string, format: duration}
              mode: {type: string, default: Auto}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
              parts:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items: {type: object, required: [name], properties: {name: {type: string}, weight: {type: integer, default: 1}}}
              rules: {type: array, items: {type: object, properties: {name: {type: string}, effect: {type: string, default: Allow}}}}
---
apiVersion: comparison.holdfast.dev/v1
kind: Gauge
metadata: {name: pressure}
spec:
  size: 1000m
  wait: 90s
  free: {a: {}, b: [1, {c: null}]}
  parts: [{name: b}, {name: a, weight: 2}]
  rules: [{name: one}]
`;

export const declaredObjects = loadAll(text) as Json[];
