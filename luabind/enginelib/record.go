package enginelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// DriverConn is the driver's connection inside a value: itself, or one that was
// checked out of a pool.
func DriverConn(v any) (*engine.DriverConn, error) {
	switch v := v.(type) {
	case *engine.DriverConn:
		return v, nil
	case *engine.Checkout:
		if c := v.Conn(); c != nil {
			return c, nil
		}
	}
	return nil, exc.New(exc.InterfaceError, "This connection is closed")
}

// infoTable is the dictionary that lives as long as a driver's connection.
func infoTable(c *bind.Call, conn *engine.DriverConn) lua.LValue {
	if t, ok := conn.Info["table"].(*lua.LTable); ok {
		return t
	}
	t := c.L.NewTable()
	conn.Info["table"] = t
	return t
}

// recordInfo is the dictionary that lives as long as a place of the pool.
func recordInfo(c *bind.Call, r *engine.Record) lua.LValue {
	t, ok := r.RecordInfo["table"].(*lua.LTable)
	if !ok {
		t = c.L.NewTable()
		if r.RecordInfo == nil {
			r.RecordInfo = map[string]any{}
		}
		r.RecordInfo["table"] = t
	}
	return t
}

// Record is the class of the pool's records, as listeners see them.
var Record = bind.Define[*engine.Record]("_ConnectionRecord", "The pool's place for one connection.").
	Property("dbapi_connection", "The driver's connection.", func(r *engine.Record) any { return r.Conn }).
	Property("driver_connection", "The driver's connection.", func(r *engine.Record) any { return r.Conn }).
	Computed("info", "A table of your own, as long as the connection lives.", func(c *bind.Call, r *engine.Record) (any, error) {
		if r.Conn != nil {
			return infoTable(c, r.Conn), nil
		}
		if r.NextInfo == nil { // do_connect: there is no connection yet
			r.NextInfo = map[string]any{"table": c.L.NewTable()}
		}
		return r.NextInfo["table"], nil
	}).
	Computed("record_info", "A table of your own, as long as the record lives.", func(c *bind.Call, r *engine.Record) (any, error) {
		return recordInfo(c, r), nil
	}).
	With(func(c *bind.Class) { c.Identity = true })

var _ = Checkout.
	Property("dbapi_connection", "The driver's connection.", func(k *engine.Checkout) any { return k.Conn() }).
	Property("driver_connection", "The driver's connection.", func(k *engine.Checkout) any { return k.Conn() }).
	Computed("record_info", "A table of your own, as long as its place in the pool; nil for one that the pool has forgotten.", func(c *bind.Call, k *engine.Checkout) (any, error) {
		if k.Detached {
			return nil, nil
		}
		return recordInfo(c, k.Record), nil
	}).
	Computed("info", "A table of your own, as long as the connection lives.", func(c *bind.Call, k *engine.Checkout) (any, error) {
		conn, err := DriverConn(k)
		if err != nil {
			return nil, err
		}
		return infoTable(c, conn), nil
	})
