package corelib

import (
	"strings"

	"alchemysh/core"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

func tableRepr(c *bind.Call, t *core.Table) string {
	parts := []string{types.Quote(t.Name), "MetaData()"}
	for _, col := range t.Columns().All() {
		parts = append(parts, columnRepr(c, col))
	}
	schema := "nil"
	if t.Schema != "" {
		schema = types.Quote(t.Schema)
	}
	if t.Lightweight {
		parts = parts[:1]
		for _, col := range t.Columns().All() {
			parts = append(parts, columnRepr(c, col))
		}
		return "TableClause(" + strings.Join(parts, ", ") + ")"
	}
	return "Table(" + strings.Join(append(parts, "schema="+schema), ", ") + ")"
}

func columnRepr(c *bind.Call, col *core.Column) string {
	var anon core.AnonNames
	name := anon.Resolve(col.Name)
	if col.Schema == nil {
		return "<sqlalchemy.sql.elements.ColumnClause; " + name + ">"
	}
	s := col.Schema
	parts := []string{types.Quote(name), col.ExprType().String()}
	for _, fk := range s.ForeignKeys {
		parts = append(parts, foreignKeyRepr(fk))
	}
	for _, k := range s.Constraints {
		parts = append(parts, c.ReprGo(k))
	}
	if t, ok := col.Table.(*core.Table); ok {
		parts = append(parts, "table=<"+t.Name+">")
	} else if s != nil && col.Table == nil {
		parts = append(parts, "table=nil")
	}
	if col.Key != "" && col.Key != name {
		parts = append(parts, "key="+types.Quote(col.Key))
	}
	if s.PrimaryKey {
		parts = append(parts, "primary_key=true")
	}
	if !s.Nullable {
		parts = append(parts, "nullable=false")
	}
	if s.OnUpdate != nil {
		parts = append(parts, "onupdate="+defaultRepr(c, s.OnUpdate))
	}
	if s.Default != nil {
		parts = append(parts, "default="+defaultRepr(c, s.Default))
	}
	if s.ServerDefault != nil {
		parts = append(parts, "server_default="+serverDefaultRepr(c, s.ServerDefault))
	}
	if s.HasComment {
		parts = append(parts, "comment="+types.Quote(s.Comment))
	}
	return "Column(" + strings.Join(parts, ", ") + ")"
}

func defaultRepr(c *bind.Call, d *core.Default) string {
	switch {
	case d.Sequence != nil:
		return sequenceRepr(d.Sequence)
	case d.Func != nil:
		return "CallableColumnDefault(" + c.ReprGo(d.Arg) + ")"
	case d.SQL != nil:
		return "ColumnElementColumnDefault(" + c.ReprGo(d.SQL) + ")"
	}
	return "ScalarElementColumnDefault(" + c.ReprGo(d.Value) + ")"
}

func serverDefaultRepr(c *bind.Call, d *core.Default) string {
	switch {
	case d.Fetched && d.SQL == nil && !d.HasText:
		return "FetchedValue()"
	case d.HasText:
		return "DefaultClause(" + types.Quote(d.Text) + ", for_update=false)"
	}
	return "DefaultClause(" + c.ReprGo(d.SQL) + ", for_update=false)"
}

func foreignKeyRepr(fk *core.ForeignKey) string { return "ForeignKey(" + types.Quote(fk.Spec()) + ")" }
