package engine

import "slices"

// Hook is who listens to one event. Listeners may come and go while it is
// told: they count from the next time.
type Hook[F any] struct{ list []*F }

// Listen adds a listener, and gives what takes it away again.
func (h *Hook[F]) Listen(f F) (remove func()) {
	p := &f
	h.list = append(h.list[:len(h.list):len(h.list)], p)
	return func() { h.remove(p) }
}

// ListenFirst is Listen before those who listen already.
func (h *Hook[F]) ListenFirst(f F) (remove func()) {
	p := &f
	h.list = append([]*F{p}, h.list...)
	return func() { h.remove(p) }
}

func (h *Hook[F]) remove(p *F) {
	if i := slices.Index(h.list, p); i >= 0 {
		h.list = slices.Delete(slices.Clone(h.list), i, i+1)
	}
}

// heard lists the listeners of several hooks, in order.
func heard[F any](hooks ...*Hook[F]) []F {
	n := 0
	for _, h := range hooks {
		n += len(h.list)
	}
	if n == 0 {
		return nil
	}
	out := make([]F, 0, n)
	for _, h := range hooks {
		for _, p := range h.list {
			out = append(out, *p)
		}
	}
	return out
}
