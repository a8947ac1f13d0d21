package enginelib

import (
	"maps"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/luabind/bind"
)

var makeURL = bind.Func("make_url(name_or_url)", "Read a database URL.", `make_url("sqlite:///shop.db")`, func(a *bind.Args) (any, error) {
	return urlOf(a.Any("name_or_url"))
})

func urlOf(v any) (*engine.URL, error) {
	switch v := v.(type) {
	case *engine.URL:
		return v, nil
	case string:
		return engine.ParseURL(v)
	}
	return nil, exc.New(exc.ArgumentError, "Expected string or URL object, got %s", types.Repr(v))
}

// URL is the class of database URLs.
var URL = bind.Define[*engine.URL]("URL", "Where a database is: dialect://user:password@host:port/database?option=value.").
	Static("create(drivername, username=nil, password=nil, host=nil, port=nil, database=nil, query=nil)", "Make a URL of its parts.",
		`URL.create("postgresql", {username = "ann", host = "localhost", database = "shop"})`, func(a *bind.Args) (any, error) {
			if err := textual(a, "drivername", "username", "host", "database"); err != nil {
				return nil, err
			}
			if text, ok := a.Any("port").(string); ok {
				return nil, exc.New(exc.ValueError, "invalid literal for int() with base 10: '%s'", text)
			}
			u := &engine.URL{DriverName: a.String("drivername"), Username: optional(a, "username"), Password: optional(a, "password"),
				Host: optional(a, "host"), Port: a.OptInt("port"), Database: optional(a, "database")}
			query, err := queryOf(a.Any("query"))
			u.Query = query
			return u, err
		}).
	Method("set(*, drivername=nil, username=nil, password=nil, host=nil, port=nil, database=nil, query=nil)", "The URL with other parts.",
		`url:set{database = "test"}`, func(u *engine.URL, a *bind.Args) (any, error) {
			n := u.Clone()
			if a.Has("drivername") {
				n.DriverName = a.String("drivername")
			}
			for name, part := range map[string]**string{"username": &n.Username, "password": &n.Password, "host": &n.Host, "database": &n.Database} {
				if a.Has(name) { // None leaves what is there
					*part = optional(a, name)
				}
			}
			if a.Has("port") {
				n.Port = a.OptInt("port")
			}
			if a.Has("query") {
				query, err := queryOf(a.Any("query"))
				if err != nil {
					return nil, err
				}
				n.Query = query
			}
			return n, nil
		}).
	Method("render_as_string(hide_password=true)", "The URL as text.", "url:render_as_string(false)", func(u *engine.URL, a *bind.Args) (any, error) {
		return u.Render(a.Bool("hide_password")), nil
	}).
	Method("update_query_dict(query_parameters{}, *, append=false)", "The URL with further options.", `url:update_query_dict({sslmode = "require"})`, func(u *engine.URL, a *bind.Args) (any, error) {
		query, err := queryOf(a.Any("query_parameters"))
		if err != nil {
			return nil, err
		}
		return u.UpdateQuery(query, a.Bool("append")), nil
	}).
	Method("update_query_string(query_string, append=false)", "The URL with further options, written as text.", `url:update_query_string("sslmode=require")`, func(u *engine.URL, a *bind.Args) (any, error) {
		return u.UpdateQueryString(a.String("query_string"), a.Bool("append")), nil
	}).
	Method("update_query_pairs(query_parameters{}, *, append=false)", "The URL with further options, given as pairs.", `url:update_query_pairs({{"a", "1"}})`, func(u *engine.URL, a *bind.Args) (any, error) {
		query := map[string][]string{}
		pairs, _ := a.Any("query_parameters").([]any)
		for _, p := range pairs {
			kv, _ := p.([]any)
			if len(kv) != 2 {
				return nil, exc.New(exc.ArgumentError, "update_query_pairs() takes a list of pairs")
			}
			query[types.Str(kv[0])] = append(query[types.Str(kv[0])], types.Str(kv[1]))
		}
		return u.UpdateQuery(query, a.Bool("append")), nil
	}).
	Method("difference_update_query(names{})", "The URL without some options.", `url:difference_update_query({"sslmode"})`, func(u *engine.URL, a *bind.Args) (any, error) {
		var names []string
		list, _ := a.Any("names").([]any)
		for _, n := range list {
			names = append(names, types.Str(n))
		}
		return u.WithoutQuery(names...), nil
	}).
	Method("get_backend_name()", "The dialect's name.", "url:get_backend_name()", func(u *engine.URL, a *bind.Args) (any, error) { return u.BackendName(), nil }).
	Method("get_driver_name()", "The driver's name.", "url:get_driver_name()", func(u *engine.URL, a *bind.Args) (any, error) {
		if name := u.DriverPart(); name != "" {
			return name, nil
		}
		d, err := dialect.For(u)
		if err != nil {
			return nil, err
		}
		return d.DriverName(), nil
	}).
	Property("drivername", "The dialect, and the driver if one is named.", func(u *engine.URL) any { return u.DriverName }).
	Property("username", "The user.", func(u *engine.URL) any { return deref(u.Username) }).
	Property("password", "The password.", func(u *engine.URL) any { return deref(u.Password) }).
	Property("host", "The host.", func(u *engine.URL) any { return deref(u.Host) }).
	Property("port", "The port.", func(u *engine.URL) any {
		if u.Port == nil {
			return nil
		}
		return int64(*u.Port)
	}).
	Property("database", "The database.", func(u *engine.URL) any { return deref(u.Database) }).
	Property("query", "The options.", func(u *engine.URL) any {
		return queryShown(u, func(v []string) any {
			if len(v) == 1 {
				return v[0]
			}
			return tupleOf(v)
		})
	}).
	Property("normalized_query", "The options, each with all its values.", func(u *engine.URL) any { return queryShown(u, tupleOf) }).
	Method("translate_connect_args(*, database=\"database\", username=\"username\", password=\"password\")", "The parts that are given, by the names of a driver.", `url:translate_connect_args{username = "user"}`, func(u *engine.URL, a *bind.Args) (any, error) {
		return u.ConnectArguments(a.String("database"), a.String("username"), a.String("password")), nil
	}).
	Method("get_dialect()", "The dialect.", "url:get_dialect()", func(u *engine.URL, a *bind.Args) (any, error) { return dialect.For(u) }).
	With(func(c *bind.Class) {
		c.Value = true
		c.Str = func(_ *bind.Call, self any) (string, error) { return self.(*engine.URL).Render(true), nil }
		c.Repr = c.Str
		c.Operate = func(c *bind.Call, op string, a, b lua.LValue) (any, error) {
			x, okx := bind.Unwrap[*engine.URL](a)
			y, oky := bind.Unwrap[*engine.URL](b)
			if !okx || !oky || op != "==" && op != "~=" {
				return nil, bind.ErrDeclined
			}
			return x.Equal(y) == (op == "=="), nil
		}
	})

// queryShown are the options by name.
func queryShown(u *engine.URL, value func([]string) any) types.Object {
	var o types.Object
	for _, k := range slices.Sorted(maps.Keys(u.Query)) {
		o.Set(k, value(u.Query[k]))
	}
	return o
}

// tupleOf shows texts as a tuple.
func tupleOf(v []string) any {
	values := make([]any, len(v))
	for i := range v {
		values[i] = v[i]
	}
	return engine.NewRow(engine.NewMeta(nil), values)
}

func deref(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

// textual refuses parts that are no text.
func textual(a *bind.Args, names ...string) error {
	for _, n := range names {
		if v := a.Any(n); v != nil {
			if _, ok := v.(string); !ok {
				return exc.New(exc.TypeError, "%s must be a string", n)
			}
		}
	}
	return nil
}

func optional(a *bind.Args, name string) *string {
	if !a.Has(name) {
		return nil
	}
	s := a.String(name)
	return &s
}

func queryOf(v any) (map[string][]string, error) {
	out := map[string][]string{}
	switch v := v.(type) {
	case nil:
	case []any:
		if len(v) > 0 {
			return nil, exc.New(exc.TypeError, "Query dictionary values must be strings or sequences of strings")
		}
	case types.Object:
		for k, x := range v.All() {
			switch x := x.(type) {
			case string:
				out[k] = []string{x}
			case []any:
				for _, s := range x {
					out[k] = append(out[k], types.Str(s))
				}
			default:
				return nil, exc.New(exc.TypeError, "Query dictionary values must be strings or sequences of strings")
			}
		}
	default:
		return nil, exc.New(exc.TypeError, "query must be a table of options, not %s", types.Repr(v))
	}
	return out, nil
}
