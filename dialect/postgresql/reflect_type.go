package postgresql

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"alchemysh/core/ddl"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
)

// ownTypes makes types of format_type()'s text. Enumerations and domains are
// read when the first name turns up that is none of the known types.
type ownTypes struct {
	ctx     context.Context
	q       ddl.Querier
	d       *Dialect
	read    bool
	enums   map[string]*inspect.Enum
	domains map[string]*inspect.Domain
}

func pgClass(name string) *types.Class { return types.Lookup("postgresql", name) }

// The types by the names that format_type() gives them.
var typesByName = map[string]*types.Class{
	"integer": types.INTEGER, "bigint": types.BIGINT, "smallint": types.SMALLINT, "character varying": types.VARCHAR,
	"character": types.CHAR, `"char"`: types.Lookup("", "String"), "name": types.Lookup("", "String"), "text": types.TEXT,
	"numeric": types.NUMERIC, "float": types.FLOAT, "real": types.REAL, "inet": pgClass("INET"), "cidr": pgClass("CIDR"),
	"citext": pgClass("CITEXT"), "uuid": types.UUID, "bit": pgClass("BIT"), "bit varying": pgClass("BIT"), "macaddr": pgClass("MACADDR"), "macaddr8": pgClass("MACADDR8"),
	"money": pgClass("MONEY"), "oid": pgClass("OID"), "regclass": pgClass("REGCLASS"), "regconfig": pgClass("REGCONFIG"), "double precision": types.DOUBLEPRECISION,
	"timestamp": pgClass("TIMESTAMP"), "timestamp with time zone": pgClass("TIMESTAMP"), "timestamp without time zone": pgClass("TIMESTAMP"),
	"time with time zone": pgClass("TIME"), "time without time zone": pgClass("TIME"), "time": pgClass("TIME"), "date": types.DATE,
	"bytea": pgClass("BYTEA"), "boolean": types.BOOLEAN, "hstore": pgClass("HSTORE"), "tsvector": pgClass("TSVECTOR"), "tsquery": pgClass("TSQUERY"),
	"json": pgClass("JSON"), "jsonb": pgClass("JSONB"), "jsonpath": pgClass("JSONPATH"), "interval": pgClass("INTERVAL"),
	"int4range": pgClass("INT4RANGE"), "int8range": pgClass("INT8RANGE"), "numrange": pgClass("NUMRANGE"), "daterange": pgClass("DATERANGE"),
	"tsrange": pgClass("TSRANGE"), "tstzrange": pgClass("TSTZRANGE"), "int4multirange": pgClass("INT4MULTIRANGE"), "int8multirange": pgClass("INT8MULTIRANGE"),
	"nummultirange": pgClass("NUMMULTIRANGE"), "datemultirange": pgClass("DATEMULTIRANGE"), "tsmultirange": pgClass("TSMULTIRANGE"), "tstzmultirange": pgClass("TSTZMULTIRANGE"),
}

var (
	typeArguments = regexp.MustCompile(`\((.*)\)`)
	arrayBrackets = regexp.MustCompile(`((?:\[\])*)$`)
	intervalField = regexp.MustCompile(`^interval (.+)`)
)

func (o *ownTypes) reflect(formatted, collation, of string) (types.Type, error) {
	var args []string
	if m := typeArguments.FindStringSubmatch(formatted); m != nil && m[1] != "" {
		for _, a := range strings.Split(m[1], ",") {
			args = append(args, strings.TrimSpace(a))
		}
	}
	array := arrayBrackets.FindString(formatted) != ""
	name := arrayBrackets.ReplaceAllString(typeArguments.ReplaceAllString(formatted, ""), "")
	class := typesByName[strings.ToLower(name)]
	given, named := []any{}, map[string]any{}
	size := func(key string) {
		if len(args) == 1 {
			if n, err := strconv.ParseInt(args[0], 10, 64); err == nil {
				named[key] = n
			}
		}
	}
	switch {
	case name == "numeric":
		if len(args) == 2 {
			given = numbers(args)
		}
	case name == "double precision":
		given = []any{int64(53)}
	case name == "integer":
	case name == "timestamp with time zone" || name == "time with time zone":
		named["timezone"] = true
		size("precision")
	case name == "timestamp without time zone" || name == "time without time zone" || name == "time":
		size("precision")
	case name == "bit varying":
		named["varying"] = true
		given = numbers(args)
	case strings.HasPrefix(name, "interval"):
		class = pgClass("INTERVAL")
		if m := intervalField.FindStringSubmatch(name); m != nil {
			named["fields"] = strings.TrimSpace(m[1])
		}
		size("precision")
	case class != nil:
		given = numbers(args)
	default:
		t, err := o.own(name, of)
		if err != nil {
			return nil, err
		}
		if t == nil {
			inspect.Warn(o.ctx, "Did not recognize type '"+name+"' of "+of)
			return &types.NullType{}, nil
		}
		return arrayOf(t, array), nil
	}
	if collation != "" {
		named["collation"] = collation
	}
	t, err := class.New(given, named)
	if err != nil {
		if t, err = class.New(nil, nil); err != nil {
			return nil, err
		}
	}
	return arrayOf(t, array), nil
}

func arrayOf(t types.Type, array bool) types.Type {
	if array {
		return pgClass("ARRAY").Must(t)
	}
	return t
}

func numbers(args []string) []any {
	var out []any
	for _, a := range args {
		if n, err := strconv.ParseInt(a, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// own is an enumeration or a domain, nil for neither.
func (o *ownTypes) own(name, of string) (types.Type, error) {
	if !o.read {
		if err := o.load(); err != nil {
			return nil, err
		}
	}
	if e := o.enums[name]; e != nil {
		labels := make([]any, len(e.Labels))
		for i, l := range e.Labels {
			labels[i] = l
		}
		named := map[string]any{"name": e.Name}
		if !e.Visible {
			named["schema"] = e.Schema
		}
		return pgClass("ENUM").New(labels, named)
	}
	dom := o.domains[name]
	if dom == nil {
		return nil, nil
	}
	base, err := o.reflect(dom.TypeText, "", "DOMAIN '"+dom.Name+"'")
	if err != nil {
		return nil, err
	}
	dom.Type = base
	named := map[string]any{"not_null": !dom.Nullable, "create_type": false}
	if dom.Collation != "" {
		named["collation"] = dom.Collation
	}
	if dom.Default != nil {
		named["default"] = *dom.Default
	}
	if len(dom.Constraints) > 0 {
		named["constraint_name"] = dom.Constraints[0].Name
		named["check"] = dom.Constraints[0].SQLText
	}
	if !dom.Visible {
		named["schema"] = dom.Schema
	}
	return pgClass("DOMAIN").New([]any{dom.Name, base}, named)
}

// load reads all enumerations and domains by the names that format_type() gives them.
func (o *ownTypes) load() error {
	o.read = true
	o.enums, o.domains = map[string]*inspect.Enum{}, map[string]*inspect.Domain{}
	enums, err := o.d.Enums(o.ctx, o.q, "*")
	if err != nil {
		return err
	}
	for _, e := range enums {
		o.enums[formatted(e.Schema, e.Name, e.Visible)] = e
	}
	domains, err := o.d.Domains(o.ctx, o.q, "*")
	for _, dom := range domains {
		o.domains[formatted(dom.Schema, dom.Name, dom.Visible)] = dom
	}
	return err
}

func formatted(schema, name string, visible bool) string {
	if visible {
		return quoting.Identifier(name)
	}
	return quoting.Identifier(schema) + "." + quoting.Identifier(name)
}
