package sqlite

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// The driver takes functions only for connections that it has yet to open,
// Python's sqlite3 for one that is open: a function often comes to a connection
// in a listener of "connect". So this file speaks to the library below the
// driver, with the driver's handle of the connection.

// handle is SQLite's handle of an open connection.
func handle(c *engine.DriverConn) (uintptr, error) {
	v := reflect.ValueOf(c.Raw)
	if v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct {
		if db := v.Elem().FieldByName("db"); db.IsValid() && db.Kind() == reflect.Uintptr && db.Uint() != 0 {
			return uintptr(db.Uint()), nil
		}
	}
	return 0, exc.New(exc.NotSupportedError, "functions of the program: the SQLite driver's connection is closed or unknown")
}

// registry keeps what SQLite knows only by a number.
type registry[T any] struct {
	mu   sync.Mutex
	next uintptr
	m    map[uintptr]T
}

func (r *registry[T]) add(v T) uintptr {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.m == nil {
		r.m = map[uintptr]T{}
	}
	r.next++
	r.m[r.next] = v
	return r.next
}

func (r *registry[T]) put(id uintptr, v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.m == nil {
		r.m = map[uintptr]T{}
	}
	r.m[id] = v
}

func (r *registry[T]) get(id uintptr) (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.m[id]
	return v, ok
}

func (r *registry[T]) drop(id uintptr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.m, id)
}

var (
	scalars    registry[func([]driver.Value) (driver.Value, error)]
	aggregates registry[func() (engine.Aggregate, error)]
	collations registry[func(a, b string) int]
	// running are the aggregates of statements that run, by the address of the
	// memory that SQLite keeps for each.
	running registry[engine.Aggregate]
)

// CreateFunction defines a scalar function.
func (*Dialect) CreateFunction(c *engine.DriverConn, name string, args int, deterministic bool, f func([]driver.Value) (driver.Value, error)) error {
	if f == nil {
		return define(c, name, args, 0, 0, 0, 0, 0, 0)
	}
	var flags int32
	if deterministic {
		flags = lib.SQLITE_DETERMINISTIC
	}
	return define(c, name, args, flags, scalars.add(f), pointer(callScalar), 0, 0, pointer(dropScalar))
}

// CreateAggregate defines an aggregate function.
func (*Dialect) CreateAggregate(c *engine.DriverConn, name string, args int, begin func() (engine.Aggregate, error)) error {
	if begin == nil {
		return define(c, name, args, 0, 0, 0, 0, 0, 0)
	}
	return define(c, name, args, 0, aggregates.add(begin), 0, pointer(callStep), pointer(callFinal), pointer(dropAggregate))
}

func define(c *engine.DriverConn, name string, args int, flags int32, id, scalar, step, final, drop uintptr) error {
	return withName(c, name, func(tls *libc.TLS, db, zName uintptr) int32 {
		return lib.Xsqlite3_create_function_v2(tls, db, zName, int32(args), lib.SQLITE_UTF8|flags, id, scalar, step, final, drop)
	})
}

// CreateCollation defines an order of text.
func (*Dialect) CreateCollation(c *engine.DriverConn, name string, compare func(a, b string) int) error {
	return withName(c, name, func(tls *libc.TLS, db, zName uintptr) int32 {
		if compare == nil {
			return lib.Xsqlite3_create_collation_v2(tls, db, zName, lib.SQLITE_UTF8, 0, 0, 0)
		}
		return lib.Xsqlite3_create_collation_v2(tls, db, zName, lib.SQLITE_UTF8, collations.add(compare), pointer(callCollation), pointer(dropCollation))
	})
}

func withName(c *engine.DriverConn, name string, f func(tls *libc.TLS, db, zName uintptr) int32) error {
	db, err := handle(c)
	if err != nil {
		return err
	}
	tls := libc.NewTLS()
	defer tls.Close()
	zName, err := libc.CString(name)
	if err != nil {
		return err
	}
	defer libc.Xfree(tls, zName)
	if rc := f(tls, db, zName); rc != lib.SQLITE_OK {
		return exc.New(exc.OperationalError, "Error creating function %s: %s", name, libc.GoString(lib.Xsqlite3_errmsg(tls, db)))
	}
	return nil
}

// pointer is the C pointer of a function that is declared at the top level: a
// Go function value is a pointer to one.
func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

func callScalar(tls *libc.TLS, ctx uintptr, argc int32, argv uintptr) {
	f, ok := scalars.get(lib.Xsqlite3_user_data(tls, ctx))
	if !ok {
		fail(tls, ctx, errors.New("the function is gone"))
		return
	}
	v, err := f(arguments(tls, argc, argv))
	answer(tls, ctx, v, err)
}

func callStep(tls *libc.TLS, ctx uintptr, argc int32, argv uintptr) {
	a, _, err := aggregate(tls, ctx, 1)
	if err == nil {
		err = a.Step(arguments(tls, argc, argv))
	}
	if err != nil {
		fail(tls, ctx, err)
	}
}

func callFinal(tls *libc.TLS, ctx uintptr) {
	a, id, err := aggregate(tls, ctx, 0)
	defer running.drop(id)
	if err != nil {
		fail(tls, ctx, err)
		return
	}
	v, err := a.Final()
	answer(tls, ctx, v, err)
}

// aggregate is the one of this use of its function. Without rows there has been
// no step and there is no memory either: size 0 asks without making any.
func aggregate(tls *libc.TLS, ctx uintptr, size int32) (engine.Aggregate, uintptr, error) {
	id := lib.Xsqlite3_aggregate_context(tls, ctx, size)
	if a, ok := running.get(id); ok && id != 0 {
		return a, id, nil
	}
	begin, ok := aggregates.get(lib.Xsqlite3_user_data(tls, ctx))
	if !ok {
		return nil, id, errors.New("the function is gone")
	}
	a, err := begin()
	if err == nil && id != 0 {
		running.put(id, a)
	}
	return a, id, err
}

func callCollation(tls *libc.TLS, id uintptr, leftLen int32, left uintptr, rightLen int32, right uintptr) int32 {
	compare, ok := collations.get(id)
	if !ok {
		return 0
	}
	return int32(compare(string(libc.GoBytes(left, int(leftLen))), string(libc.GoBytes(right, int(rightLen)))))
}

func dropScalar(_ *libc.TLS, id uintptr)    { scalars.drop(id) }
func dropAggregate(_ *libc.TLS, id uintptr) { aggregates.drop(id) }
func dropCollation(_ *libc.TLS, id uintptr) { collations.drop(id) }

// arguments copies the arguments of a call.
func arguments(tls *libc.TLS, argc int32, argv uintptr) []driver.Value {
	out := make([]driver.Value, argc)
	for i := range out {
		v := libc.VaUintptr(&argv)
		switch lib.Xsqlite3_value_type(tls, v) {
		case lib.SQLITE_INTEGER:
			out[i] = lib.Xsqlite3_value_int64(tls, v)
		case lib.SQLITE_FLOAT:
			out[i] = lib.Xsqlite3_value_double(tls, v)
		case lib.SQLITE_TEXT:
			text := lib.Xsqlite3_value_text(tls, v) // before its length: it may convert
			out[i] = string(libc.GoBytes(text, int(lib.Xsqlite3_value_bytes(tls, v))))
		case lib.SQLITE_BLOB:
			blob := lib.Xsqlite3_value_blob(tls, v)
			out[i] = append([]byte{}, libc.GoBytes(blob, int(lib.Xsqlite3_value_bytes(tls, v)))...)
		}
	}
	return out
}

func answer(tls *libc.TLS, ctx uintptr, v driver.Value, err error) {
	if err != nil {
		fail(tls, ctx, err)
		return
	}
	switch v := v.(type) {
	case nil:
		lib.Xsqlite3_result_null(tls, ctx)
	case bool:
		lib.Xsqlite3_result_int64(tls, ctx, map[bool]int64{true: 1}[v])
	case int64:
		lib.Xsqlite3_result_int64(tls, ctx, v)
	case float64:
		lib.Xsqlite3_result_double(tls, ctx, v)
	case string:
		withBytes(tls, ctx, v, func(p uintptr) {
			lib.Xsqlite3_result_text(tls, ctx, p, int32(len(v)), lib.SQLITE_TRANSIENT)
		})
	case []byte:
		withBytes(tls, ctx, string(v), func(p uintptr) {
			lib.Xsqlite3_result_blob(tls, ctx, p, int32(len(v)), lib.SQLITE_TRANSIENT)
		})
	default:
		fail(tls, ctx, fmt.Errorf("a function gave what SQLite cannot hold: %T", v))
	}
}

func fail(tls *libc.TLS, ctx uintptr, err error) {
	withBytes(tls, ctx, err.Error(), func(p uintptr) { lib.Xsqlite3_result_error(tls, ctx, p, -1) })
}

func withBytes(tls *libc.TLS, ctx uintptr, s string, f func(p uintptr)) {
	p, err := libc.CString(s)
	if err != nil {
		lib.Xsqlite3_result_error_nomem(tls, ctx)
		return
	}
	defer libc.Xfree(tls, p)
	f(p)
}
