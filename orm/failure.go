package orm

import "alchemysh/core/exc"

// failure is the private panic with which deep code gives up; every exported
// function catches it at its door.
type failure struct{ err error }

// Error and Unwrap serve a caller who comes in by no such door.
func (f failure) Error() string { return f.err.Error() }

// Unwrap gives what failed.
func (f failure) Unwrap() error { return f.err }

func fail(class *exc.Class, format string, args ...any) {
	panic(failure{exc.New(class, format, args...)})
}

func check(err error) {
	if err != nil {
		panic(failure{err})
	}
}

// must gives v, or gives up with err.
func must[T any](v T, err error) T {
	check(err)
	return v
}

// catch, deferred, turns a failure into an error. Other panics pass.
func catch(err *error) {
	switch p := recover().(type) {
	case nil:
	case failure:
		*err = p.err
	case *exc.Error:
		*err = p
	default:
		panic(p)
	}
}

// attempt runs f and gives what it failed with.
func attempt(f func()) (err error) {
	defer catch(&err)
	f()
	return nil
}
