package types

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// Decoration is a TypeDecorator, a UserDefinedType or a subclass of some other
// type as its author wrote it: one value per class, shared by the types made of
// it. Functions that were not given are nil. They see nil values too.
type Decoration struct {
	Name string
	// Extends: a subclass of the Impl's class. Its functions stand in for the
	// conversions of that class, where a TypeDecorator's come before them.
	Extends        bool
	ProcessBind    func(self *Decorator, v any, dialect string) (any, error)
	ProcessResult  func(self *Decorator, v any, dialect string) (any, error)
	ProcessLiteral func(self *Decorator, v any, dialect string) (any, error)
	// DialectImpl is load_dialect_impl: the type that carries the values there.
	DialectImpl func(self *Decorator, dialect string) (Type, error)
	// ColSpec is get_col_spec of a UserDefinedType.
	ColSpec func(self *Decorator) (string, error)
	// BindExpression and ColumnExpression put SQL around a parameter of the type
	// and around a column of it in a SELECT. What they take and give are
	// expressions of package core.
	BindExpression   func(self *Decorator, bind any) (any, error)
	ColumnExpression func(self *Decorator, column any) (any, error)
	// Coerce is coerce_compared_value: the type of the other side of an
	// operator; nil, as in SQLAlchemy's default, is the decorator itself.
	Coerce func(self *Decorator, op string, v any) (Type, error)
	// Comparator is the author's comparator_factory, for the layer that knows it.
	Comparator any
	// Class is the author's class, for the layer that knows it.
	Class any
	// Spell is how compiles() has the type written in DDL; ok is false where it
	// says nothing of the dialect.
	Spell func(self *Decorator, dialect string) (sql string, ok bool, err error)
	// CacheOK says that Args identify what the functions do. Without it every
	// Decorator is its own cache key.
	CacheOK bool

	serial atomic.Uint64
}

// Decorator is a type that converts values on the way to and from another.
type Decorator struct {
	*Decoration
	Impl     Type
	Args     string // the constructor's arguments, spelled: part of the Key
	Self     any    // the author's own object, handed to the functions
	Variants Variants

	serial uint64
}

var serials atomic.Uint64

// NewDecorator makes a type of the class. impl is what carries the values; nil
// for a UserDefinedType.
func NewDecorator(d *Decoration, impl Type, args string) *Decorator {
	d.serial.CompareAndSwap(0, serials.Add(1))
	if impl == nil {
		impl = &NullType{}
	}
	return &Decorator{Decoration: d, Impl: impl, Args: args, serial: serials.Add(1)}
}

func (t *Decorator) variants() Variants { return t.Variants }

// Name is the author's class name.
func (t *Decorator) Name() string { return t.Decoration.Name }

// Affinity is that of the type underneath.
func (t *Decorator) Affinity() Affinity {
	if t.ColSpec != nil {
		return OtherAffinity
	}
	return t.Impl.Affinity()
}

// Key is the class and its arguments when its author declared it cacheable,
// else this very type.
func (t *Decorator) Key() string {
	id := t.Decoration.serial.Load()
	if !t.CacheOK {
		id = t.serial
	}
	impl, variants := t.Impl.Key(), ""
	for _, d := range sortedKeys(t.Variants) {
		k := t.Variants[d].Key()
		variants += fmt.Sprintf("|%d:%s%d:%s", len(d), d, len(k), k)
	}
	return fmt.Sprintf("%s#%d(%d:%s,%d:%s)%s", t.Decoration.Name, id, len(impl), impl, len(t.Args), t.Args, variants)
}

// String is SQLAlchemy's repr: the class with the arguments underneath.
func (t *Decorator) String() string {
	if t.ColSpec != nil {
		return t.Decoration.Name + "()"
	}
	_, args, _ := strings.Cut(t.Impl.String(), "(")
	return t.Decoration.Name + "(" + args
}

func (t *Decorator) attr(name string) (any, bool) {
	if name == "impl" {
		return t.Impl, true
	}
	return Attr(t.Impl, name)
}

// On is the type that carries the values on the dialect.
func (t *Decorator) On(dialect string) (Type, error) {
	if t.DialectImpl != nil {
		if impl, err := t.DialectImpl(t, dialect); err != nil || impl != nil {
			return impl, err
		}
	}
	return Variant(t.Impl, dialect), nil
}

// around puts the author's functions around the conversions of the type
// underneath.
func (t *Decorator) around(inner Impl, dialect string) Impl {
	outer := Impl{Type: t, Bind: inner.Bind, Result: inner.Result, Literal: inner.Literal, BindCast: inner.BindCast, WireCast: inner.WireCast, HandlesNull: inner.HandlesNull}
	if t.ProcessBind == nil {
		outer.WireCastOf = inner.WireCastOf
	}
	if process := t.ProcessBind; process != nil {
		outer.HandlesNull = true
		outer.Bind = func(v any) (any, error) {
			v, err := process(t, v, dialect)
			if err != nil || t.Extends {
				return v, err
			}
			return inner.bind(v)
		}
	}
	if process := t.ProcessResult; process != nil {
		outer.HandlesNull = true
		outer.OnNatural = inner.OnNatural || inner.Result == nil || t.Extends
		outer.Result = func(v any) (any, error) {
			if !t.Extends {
				var err error
				if v, err = inner.result(v); err != nil {
					return nil, err
				}
			}
			return process(t, v, dialect)
		}
	}
	if outer.HandlesNull && !inner.HandlesNull {
		if t.ProcessBind == nil {
			outer.Bind = inner.bind
		}
		if t.ProcessResult == nil && inner.Result != nil {
			outer.Result, outer.OnNatural = inner.result, inner.OnNatural
		}
	}
	process := t.ProcessLiteral
	if process == nil && !t.Extends {
		process = t.ProcessBind
	}
	if process != nil && (t.Extends || inner.Literal == nil) {
		outer.Literal = func(v any) (string, error) {
			v, err := process(t, v, dialect)
			if err != nil {
				return "", err
			}
			if v == nil {
				return "NULL", nil
			}
			return Str(v), nil
		}
	} else if process != nil {
		outer.Literal = func(v any) (string, error) {
			v, err := process(t, v, dialect)
			if err != nil {
				return "", err
			}
			if v == nil {
				return "NULL", nil
			}
			return inner.Literal(v)
		}
	}
	return outer
}

// bind converts one value, minding nil.
func (i Impl) bind(v any) (any, error) {
	if i.Bind == nil || v == nil && !i.HandlesNull {
		return v, nil
	}
	return i.Bind(v)
}

// result converts one value back, minding nil.
func (i Impl) result(v any) (any, error) {
	if i.Result == nil || v == nil && !i.HandlesNull {
		return v, nil
	}
	return i.Result(v)
}

// Resolve makes the Impl of any type on a dialect: variants and decorators are
// unwrapped here, plain says how the dialect handles all others.
func Resolve(t Type, dialect string, plain func(Type) Impl) Impl {
	t = Variant(t, dialect)
	d, ok := t.(*Decorator)
	if !ok {
		return plain(t)
	}
	under, err := d.On(dialect)
	if err != nil {
		fail := func(any) (any, error) { return nil, err }
		return Impl{Type: t, Bind: fail, Result: fail, HandlesNull: true}
	}
	return d.around(Resolve(under, dialect, plain), dialect)
}
