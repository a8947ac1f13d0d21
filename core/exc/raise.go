package exc

// Raise panics with an error of the class. Builders of expressions and
// statements raise on misuse, so that calls chain; Catch turns it back into an
// error at the door of a layer.
func Raise(class *Class, format string, args ...any) {
	panic(New(class, format, args...))
}

// Catch, deferred, stores a raised *Error in *err and lets any other panic
// through:
//
//	func Build() (s core.Statement, err error) {
//		defer exc.Catch(&err)
//		…
//	}
func Catch(err *error) {
	switch p := recover().(type) {
	case nil:
	case *Error:
		*err = p
	default:
		panic(p)
	}
}
