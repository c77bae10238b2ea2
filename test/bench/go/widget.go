package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var widgetKind = schema.GroupVersionKind{Group: "bench.holdfast.dev", Version: "v1", Kind: "Widget"}

// Widget has the fields of ../reconcile/widgets.yaml.
type Widget struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              WidgetSpec   `json:"spec"`
	Status            WidgetStatus `json:"status,omitempty"`
}

type WidgetSpec struct {
	Replicas    int32             `json:"replicas"`
	Image       string            `json:"image"`
	Paused      bool              `json:"paused,omitempty"`
	Description string            `json:"description,omitempty"`
	Revision    string            `json:"revision"`
	Selector    map[string]string `json:"selector,omitempty"`
	Ports       []Port            `json:"ports,omitempty"`
	Environment []Variable        `json:"environment,omitempty"`
	Volumes     []Volume          `json:"volumes,omitempty"`
	Resources   Resources         `json:"resources,omitempty"`
	Probe       *Probe            `json:"probe,omitempty"`
}

type Port struct {
	Name     string `json:"name"`
	Port     int32  `json:"port"`
	Protocol string `json:"protocol"`
}

type Variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type Volume struct {
	Name      string `json:"name"`
	ConfigMap string `json:"configMap"`
	Path      string `json:"path"`
	ReadOnly  bool   `json:"readOnly,omitempty"`
}

type Resources struct {
	Requests map[string]string `json:"requests,omitempty"`
	Limits   map[string]string `json:"limits,omitempty"`
}

type Probe struct {
	Path             string `json:"path"`
	Port             int32  `json:"port"`
	PeriodSeconds    int32  `json:"periodSeconds"`
	FailureThreshold int32  `json:"failureThreshold"`
}

type WidgetStatus struct {
	ObservedGeneration int64              `json:"observedGeneration,omitempty"`
	ReadyReplicas      int32              `json:"readyReplicas,omitempty"`
	Conditions         []metav1.Condition `json:"conditions,omitempty"`
}

type WidgetList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Widget `json:"items"`
}

func addToScheme(scheme *runtime.Scheme) {
	version := widgetKind.GroupVersion()
	scheme.AddKnownTypes(version, &Widget{}, &WidgetList{})
	metav1.AddToGroupVersion(scheme, version)
}
