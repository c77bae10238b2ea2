package main

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
)

// The copies are written by hand, since the types are few; they do what controller-gen would generate.

func (in *WidgetSpec) deepCopyInto(out *WidgetSpec) {
	*out = *in
	out.Selector = maps.Clone(in.Selector)
	out.Ports = slices.Clone(in.Ports)
	out.Environment = slices.Clone(in.Environment)
	out.Volumes = slices.Clone(in.Volumes)
	out.Resources = Resources{Requests: maps.Clone(in.Resources.Requests), Limits: maps.Clone(in.Resources.Limits)}
	if in.Probe != nil {
		probe := *in.Probe
		out.Probe = &probe
	}
}

func (in *Widget) deepCopyInto(out *Widget) {
	*out = *in
	in.ObjectMeta.DeepCopyInto(&out.ObjectMeta)
	in.Spec.deepCopyInto(&out.Spec)
	// A condition holds no pointer but the location of its time, which is shared by all copies.
	out.Status.Conditions = slices.Clone(in.Status.Conditions)
}

// DeepCopyObject implements runtime.Object.
func (in *Widget) DeepCopyObject() runtime.Object {
	out := new(Widget)
	in.deepCopyInto(out)
	return out
}

// DeepCopyObject implements runtime.Object.
func (in *WidgetList) DeepCopyObject() runtime.Object {
	out := &WidgetList{TypeMeta: in.TypeMeta, Items: make([]Widget, len(in.Items))}
	in.ListMeta.DeepCopyInto(&out.ListMeta)
	for i := range in.Items {
		in.Items[i].deepCopyInto(&out.Items[i])
	}
	return out
}
