package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

type digest [sha256.Size]byte

// readSpec reads an object from the cache and gives its spec.
type readSpec func(ctx context.Context, name types.NamespacedName) (any, error)

// decoded gives the object by which the kind is watched, and how its spec is read, for one of the modes.
func decoded(mode string, reader client.Client) (client.Object, readSpec, error) {
	switch mode {
	case "typed":
		return &Widget{}, func(ctx context.Context, name types.NamespacedName) (any, error) {
			var widget Widget
			err := reader.Get(ctx, name, &widget)
			return &widget.Spec, err
		}, nil
	case "unstructured":
		return newUnstructured(), func(ctx context.Context, name types.NamespacedName) (any, error) {
			object := newUnstructured()
			err := reader.Get(ctx, name, object)
			return object.Object["spec"], err
		}, nil
	default:
		return nil, nil, fmt.Errorf("unknown mode %q: use typed or unstructured", mode)
	}
}

func newUnstructured() *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(widgetKind)
	return object
}

type decider struct {
	read readSpec

	mutex     sync.Mutex
	last      map[types.NamespacedName]digest
	decisions int
	changes   int
}

func newDecider(read readSpec) *decider {
	return &decider{read: read, last: map[types.NamespacedName]digest{}}
}

// Reconcile decides whether the object is another than it was when last looked at.
func (d *decider) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	spec, err := d.read(ctx, request.NamespacedName)
	if err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return ctrl.Result{}, err
	}
	d.decide(request.NamespacedName, sha256.Sum256(text))
	return ctrl.Result{}, nil
}

func (d *decider) decide(name types.NamespacedName, seen digest) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.decisions++
	if last, known := d.last[name]; known && last == seen {
		return
	}
	d.last[name] = seen
	d.changes++
}

func (d *decider) count() (objects, decisions, changes int) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return len(d.last), d.decisions, d.changes
}
