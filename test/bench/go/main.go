// Command bench-operator is the peer of the benchmark `reconcile`: a small operator on controller-runtime, written as
// its users write one. It watches Widgets and decides on each change of one by comparing the digest of its spec with
// the last that it saw. It writes nothing to the apiserver.
//
// It says {"event":"synced","cpuSeconds":…} when its cache has synced, and answers each line on standard input with
// {"event":"count","objects":…,"decisions":…,"changes":…}. It ends with its standard input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"syscall"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

func main() {
	mode := flag.String("mode", "typed", "typed or unstructured: how objects are decoded and kept")
	workers := flag.Int("workers", 1, "MaxConcurrentReconciles")
	flag.Parse()
	if err := run(*mode, *workers); err != nil {
		fmt.Fprintln(os.Stderr, "bench-operator:", err)
		os.Exit(1)
	}
}

func run(mode string, workers int) error {
	ctrl.SetLogger(logr.Discard())
	config, err := ctrl.GetConfig() // By the flag -kubeconfig, which controller-runtime defines.
	if err != nil {
		return err
	}
	scheme := runtime.NewScheme()
	addToScheme(scheme)
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:  scheme,
		Metrics: server.Options{BindAddress: "0"},
		Cache:   cache.Options{DefaultTransform: cache.TransformStripManagedFields()},
		// Otherwise the client reads unstructured objects past the cache.
		Client: client.Options{Cache: &client.CacheOptions{Unstructured: true}},
	})
	if err != nil {
		return err
	}
	watched, read, err := decoded(mode, manager.GetClient())
	if err != nil {
		return err
	}
	decider := newDecider(read)
	err = ctrl.NewControllerManagedBy(manager).
		Named("widget").
		For(watched).
		WithOptions(controller.Options{MaxConcurrentReconciles: workers}).
		Complete(decider)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctrl.SetupSignalHandler())
	defer cancel()
	go sayWhenSynced(ctx, manager.GetCache(), watched)
	go answer(decider, cancel)
	return manager.Start(ctx)
}

func sayWhenSynced(ctx context.Context, informers cache.Cache, watched client.Object) {
	// Before the informer is there, a cache of none counts as synced.
	if _, err := informers.GetInformer(ctx, watched); err != nil || !informers.WaitForCacheSync(ctx) {
		return
	}
	say(map[string]any{"event": "synced", "cpuSeconds": cpuSeconds()})
}

func answer(decider *decider, end func()) {
	defer end()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		objects, decisions, changes := decider.count()
		say(map[string]any{"event": "count", "objects": objects, "decisions": decisions, "changes": changes})
	}
}

func say(line map[string]any) {
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		os.Exit(1)
	}
}

// cpuSeconds is what all threads of this process have used so far, in user and kernel mode.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func seconds(time syscall.Timeval) float64 { return float64(time.Sec) + float64(time.Usec)/1e6 }
