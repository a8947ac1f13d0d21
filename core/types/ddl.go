package types

import (
	"fmt"
	"strconv"
	"strings"

	"alchemysh/core/exc"
)

// DDL spells a type as the default dialect does, which prints statements that
// belong to no database: String(50) is VARCHAR(50). A class that only some
// database knows is its own name.
func DDL(t Type) (string, error) {
	return ruled(Variant(t, "default"), "default", plainDDL)
}

func plainDDL(t Type) (string, error) {
	if s, ok, err := spelled(t, "default"); ok {
		return s, err
	}
	if s, ok, err := Standard(t, DDL); ok || err != nil {
		return s, err
	}
	switch t := t.(type) {
	case *NullType:
		return "NULL", nil
	case *IntervalType:
		if t.class().Name == "Interval" {
			return "DATETIME", nil
		}
	}
	if c := ClassOf(t); c != nil && c.Name == strings.ToUpper(c.Name) {
		return c.Name, nil
	}
	return t.String(), nil
}

// spelled is what compiles() says of a type.
func spelled(t Type, dialect string) (sql string, ok bool, err error) {
	if d, is := t.(*Decorator); is && d.Spell != nil {
		return d.Spell(d, dialect)
	}
	return "", false, nil
}

// Unsupported is the CompileError of a type that a database does not have.
func Unsupported(compiler string, t Type) error {
	return exc.New(exc.UnsupportedCompilation, "Compiler %s can't render element of type %s", compiler, t.Name())
}

// Strict spells a type for a database that has only what Standard knows,
// besides what own spells; own gives "" for what it leaves to Standard.
// compiler is SQLAlchemy's name of the database's type compiler.
func Strict(t Type, dialect, compiler string, own func(Type) (string, error)) (string, error) {
	return ruled(Variant(t, dialect), dialect, func(t Type) (string, error) { return strict(t, dialect, compiler, own) })
}

func strict(t Type, dialect, compiler string, own func(Type) (string, error)) (string, error) {
	if s, ok, err := spelled(t, dialect); ok {
		return s, err
	}
	if d, ok := t.(*Decorator); ok && d.ColSpec == nil {
		under, err := d.On(dialect)
		if err != nil {
			return "", err
		}
		return Strict(under, dialect, compiler, own)
	}
	if s, err := own(t); s != "" || err != nil {
		return s, err
	}
	if _, null := t.(*NullType); null {
		return "", exc.New(exc.CompileError, "Can't generate DDL for NullType(); did you forget to specify a type on this Column?")
	}
	s, ok, err := Standard(t, func(t Type) (string, error) { return Strict(t, dialect, compiler, own) })
	if !ok && err == nil {
		err = Unsupported(compiler, t)
	}
	return s, err
}

// Standard spells the types that SQL itself names, the way most databases
// agree on; ok is false for the others. Dialects ask it for what they do not
// spell differently, and give themselves as spell for the types inside.
func Standard(t Type, spell func(Type) (string, error)) (sql string, ok bool, err error) {
	switch t := t.(type) {
	case *Decorator:
		if t.ColSpec != nil {
			sql, err = t.ColSpec(t)
			return sql, true, err
		}
		sql, err = spell(t.Impl)
		return sql, true, err
	case *PickleType:
		sql, err = spell(&LargeBinary{})
		return sql, true, err
	case *IntervalType:
		if t.class().Name != "Interval" {
			return "", false, nil
		}
		sql, err = spell(&DateTimeType{})
		return sql, true, err
	case *Enum:
		if t.class().Namespace == "mysql" {
			return "", false, nil
		}
		sql, err = spell(VARCHAR.Must(t.VarcharLength()))
		return sql, true, err
	}
	sql = standard(t)
	return sql, sql != "", nil
}

func standard(t Type) string {
	c := ClassOf(t)
	if c == nil {
		return ""
	}
	switch t := t.(type) {
	case *Integer:
		switch c.Name {
		case "Integer", "INTEGER":
			return "INTEGER"
		case "SmallInteger", "SMALLINT":
			return "SMALLINT"
		case "BigInteger", "BIGINT":
			return "BIGINT"
		}
		return "" // TINYINT, MEDIUMINT
	case *String:
		name := c.Name
		switch name {
		case "String", "Unicode":
			name = "VARCHAR"
		case "Text", "UnicodeText":
			name = "TEXT"
		case "VARCHAR", "CHAR", "NVARCHAR", "NCHAR", "TEXT", "CLOB":
		default:
			return "" // CITEXT, LONGTEXT
		}
		if name == "CLOB" {
			return name
		}
		sql := sized(name, t.Length)
		if t.Collation != "" {
			sql += ` COLLATE "` + t.Collation + `"`
		}
		return sql
	case *Boolean:
		return "BOOLEAN"
	case *Numeric:
		name := c.Name
		if name == "Numeric" {
			name = "NUMERIC"
		}
		switch {
		case t.Precision == 0:
			return name
		case t.Scale == nil:
			return sized(name, t.Precision)
		}
		return fmt.Sprintf("%s(%d, %d)", name, t.Precision, *t.Scale)
	case *Float:
		switch c.Name {
		case "Float":
			return "FLOAT"
		case "Double":
			return "DOUBLE"
		case "DOUBLE_PRECISION":
			return "DOUBLE PRECISION"
		}
		return c.Name
	case *DateType:
		return "DATE"
	case *TimeType:
		return "TIME"
	case *DateTimeType:
		if c.Name == "TIMESTAMP" {
			return "TIMESTAMP"
		}
		return "DATETIME"
	case *LargeBinary:
		switch c.Name {
		case "LargeBinary", "BLOB":
			return "BLOB"
		case "BINARY", "VARBINARY":
			return sized(c.Name, t.Length)
		}
		return "" // BYTEA, LONGBLOB
	case *Uuid:
		if c.Name == "UUID" {
			return "UUID"
		}
		return "CHAR(32)"
	}
	return ""
}

// sized is NAME(n), or NAME for n = 0.
func sized(name string, n int) string {
	if n == 0 {
		return name
	}
	return name + "(" + strconv.Itoa(n) + ")"
}
