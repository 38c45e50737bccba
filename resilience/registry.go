package resilience

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// Config says what a registry does beyond this process. Its zero values are good for tests.
type Config struct {
	// Changed is told of every change of a breaker, one after the other, in the order of each breaker's changes. It may ask and steer the registry. While it does not
	// return, up to 256 changes wait; the oldest of more are not told.
	Changed func(Change)
	Log     *slog.Logger // nil for none
}

// Order is what an operator wants of a breaker.
type Order struct {
	Dependency string
	Mode       Mode // from now on; empty when it stays
	Reset      bool // closed, with nothing counted or held; Counters stay
}

// Registry holds the dependencies of a process.
type Registry struct {
	config Config
	queue  queue

	mu           sync.RWMutex
	dependencies map[string]*Dependency
}

// New returns a registry without dependencies.
func New(config Config) *Registry {
	config.Log = cmp.Or(config.Log, slog.New(slog.DiscardHandler))

	return &Registry{config: config, queue: queue{log: config.Log}, dependencies: make(map[string]*Dependency)}
}

// Add makes a dependency known. Its name must be new and its policy must make sense.
func (r *Registry) Add(name string, policy Policy) (*Dependency, error) {
	policy, err := policy.complete()
	if err != nil {
		return nil, fmt.Errorf("resilience: policy of %q: %w", name, err)
	}

	r.mu.Lock()
	defer r.mu.Unlock()

	if _, known := r.dependencies[name]; known || name == "" {
		return nil, fmt.Errorf("resilience: the name %q is empty or taken", name)
	}

	d := &Dependency{name: name, policy: policy}
	if policy.AtOnce > 0 {
		d.places = make(chan struct{}, policy.AtOnce)
	}

	d.breaker = newBreaker(name, &d.policy, r.tell, func() { r.queue.add(func() { d.Status() }) })
	r.dependencies[name] = d

	return d, nil
}

func (r *Registry) tell(c Change) {
	if r.config.Changed != nil {
		r.queue.add(func() { r.config.Changed(c) })
	}
}

// List returns what there is to see of all dependencies, by name.
func (r *Registry) List() []Status {
	r.mu.RLock()
	defer r.mu.RUnlock()

	list := make([]Status, 0, len(r.dependencies))

	for _, d := range r.dependencies {
		list = append(list, d.Status())
	}

	slices.SortFunc(list, func(a, b Status) int { return strings.Compare(a.Name, b.Name) })

	return list
}

// Status returns what there is to see of one dependency, or ErrUnknown.
func (r *Registry) Status(name string) (Status, error) {
	d, err := r.find(name)
	if err != nil {
		return Status{}, err
	}

	return d.Status(), nil
}

// Apply obeys an order in this process; who has several lets each of them obey. To obey an order to take a mode twice is to obey it once. Errors: ErrUnknown, ErrMode.
func (r *Registry) Apply(order Order) error {
	d, err := r.check(order)
	if err != nil {
		return err
	}

	if order.Mode != "" {
		d.breaker.setMode(order.Mode)
	}

	if order.Reset {
		d.breaker.reset()
	}

	return nil
}

// check returns the dependency of an order that can be obeyed.
func (r *Registry) check(order Order) (*Dependency, error) {
	if order.Mode != "" && !order.Mode.Known() {
		return nil, fmt.Errorf("%w: %q", ErrMode, order.Mode)
	}

	return r.find(order.Dependency)
}

func (r *Registry) find(name string) (*Dependency, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()

	if d, known := r.dependencies[name]; known {
		return d, nil
	}

	return nil, fmt.Errorf("%w: %q", ErrUnknown, name)
}

// Stop returns when all changes until now have been told, or with the error of ctx. Later ones are not told; all else works as before.
func (r *Registry) Stop(ctx context.Context) error { return r.queue.stop(ctx) }
