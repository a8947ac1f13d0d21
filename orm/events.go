package orm

// Listener is a function that waits for an event. What it gets depends on the
// event, in the order of SQLAlchemy's signatures; what it gives matters for
// the events that SQLAlchemy lets change something (Retval).
type Listener struct {
	Call      func(args ...any) (any, error)
	Propagate bool // subclasses too
	Retval    bool
	Once      bool
	First     bool // before the listeners that are there
	done      bool
	early     bool // on an attribute, added before the mapping was configured
}

// Events are the listeners of one target by event name.
type Events map[string][]*Listener

// Listen adds a listener, after those that are there or before them.
func (e *Events) Listen(name string, l *Listener) {
	if *e == nil {
		*e = Events{}
	}
	if l.First {
		(*e)[name] = append([]*Listener{l}, (*e)[name]...)
		return
	}
	(*e)[name] = append((*e)[name], l)
}

// Remove takes a listener away.
func (e *Events) Remove(name string, l *Listener) {
	for i, x := range (*e)[name] {
		if x == l {
			(*e)[name] = append((*e)[name][:i:i], (*e)[name][i+1:]...)
			return
		}
	}
}

func (e Events) has(name string) bool { return len(e[name]) > 0 }

// fire calls the listeners in order, and gives what the last one with retval gave.
func (e Events) fire(name string, args ...any) (result any) {
	for _, l := range e[name] {
		if v, ok := l.call(args); ok {
			result = v
		}
	}
	return result
}

// fireIf is fire where nobody may listen.
func (e Events) fireIf(name string, args ...any) {
	if e.has(name) {
		e.fire(name, args...)
	}
}

func (l *Listener) call(args []any) (any, bool) {
	if l.Once {
		if l.done {
			return nil, false
		}
		l.done = true
	}
	v := must(l.Call(args...))
	return v, l.Retval
}

// Listen adds a listener for an event of the class or its objects.
func (m *Mapper) Listen(name string, l *Listener) { m.Events.Listen(name, l) }

// fire calls the mapper's listeners, and those of parents that propagate.
func (m *Mapper) fire(name string, args ...any) {
	for _, l := range GlobalEvents[name] {
		l.call(args)
	}
	for _, c := range m.chain() {
		for _, l := range c.Events[name] {
			if c == m || l.Propagate {
				l.call(args)
			}
		}
	}
}

func (m *Mapper) listens(name string) bool {
	for c := m; c != nil; c = c.Inherits {
		for _, l := range c.Events[name] {
			if c == m || l.Propagate {
				return true
			}
		}
	}
	return GlobalEvents.has(name)
}

// GlobalEvents are the listeners on `Mapper`: of every class.
var GlobalEvents Events

// Validator checks or changes a value before an attribute takes it.
type Validator struct {
	Call            func(i *Instance, key string, value any, remove bool) (any, error)
	IncludeRemoves  bool
	ExcludeBackrefs bool
}

// Validate adds a validator for attributes.
func (m *Mapper) Validate(keys []string, v Validator) {
	if m.validators == nil {
		m.validators = map[string][]Validator{}
	}
	for _, k := range keys {
		m.validators[k] = append(m.validators[k], v)
	}
}

// EventToken tells listeners of a change where it began: the attribute that was
// set, and how. Along backrefs it stays the same.
type EventToken struct {
	Key    string
	Op     string // SQLAlchemy's name of the operation: OP_APPEND
	Parent *Mapper
}

// event is the token as listeners see it.
func (t *token) event() *EventToken { return &EventToken{t.rel.key, t.op.String(), t.rel.parent} }

// event is the token of a change that begins and ends with the attribute.
func (a *attribute) event(op operation) *EventToken { return &EventToken{a.key, op.String(), a.mapper} }

// ListenAttribute adds a listener for "set", "append", "remove",
// "bulk_replace", "init_scalar" or "modified" of an attribute.
func (m *Mapper) ListenAttribute(key, name string, l *Listener) {
	if a := m.attributes[key]; a != nil {
		l.early = !m.configured
		a.events.Listen(name, l)
		if l.Propagate {
			for _, d := range m.SelfAndDescendants()[1:] {
				if b := d.attributes[key]; b != nil {
					b.events.Listen(name, l)
				}
			}
		}
	}
}

// RequireActiveHistory loads the old value of an attribute before it is set.
func (m *Mapper) RequireActiveHistory(key string) {
	if a := m.attributes[key]; a != nil {
		a.activeHistory = true
	}
}

// Fire calls the listeners of an event of the class or its objects.
func (m *Mapper) Fire(name string, args ...any) (err error) {
	defer catch(&err)
	m.fire(name, args...)
	return nil
}
