package schemalib

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

var generateCode = bind.Func(`generate_code(bind, style="tables", schema=nil, only=nil)`, "A database as Lua: Tables, or classes with relationships.",
	`print(generate_code(engine, {style = "classes"}))`, func(a *bind.Args) (any, error) {
		in, err := inspectorOf(a, a.Lua("bind"))
		if err != nil {
			return nil, err
		}
		o := inspect.ReflectOptions{Schema: a.String("schema")}
		if a.Has("only") {
			o.Only, o.HasOnly = a.Strings("only"), true
		}
		m := core.NewMetaData()
		if err := in.ReflectAll(a.Context(), m, o); err != nil {
			return nil, err
		}
		g := &generator{names: map[*core.Table]string{}, taken: map[string]bool{}, reserved: func(name string) bool { return ofLibrary(a.L.GetGlobal(name)) }}
		switch style := a.String("style"); style {
		case "tables":
			return g.tables(m), nil
		case "classes":
			return g.classes(m), nil
		default:
			return nil, exc.New(exc.ArgumentError, "style must be 'tables' or 'classes', not '%s'", style)
		}
	})

// generator writes Lua.
type generator struct {
	b     strings.Builder
	names map[*core.Table]string // the variable or class of each table
	taken map[string]bool
	// reserved are the library's names, which the code may need itself.
	reserved func(name string) bool
}

// ofLibrary reports whether the value of a global is the library's, not a script's.
func ofLibrary(v lua.LValue) bool {
	switch v := v.(type) {
	case *lua.LFunction:
		return v.IsG
	case *lua.LUserData:
		switch v.Value.(type) {
		case *bind.Class, *bind.Function, *bind.Namespace, *types.Class:
			return true
		}
	}
	return false
}

func (g *generator) line(indent int, format string, args ...any) {
	g.b.WriteString(strings.Repeat("  ", indent))
	fmt.Fprintf(&g.b, format, args...)
	g.b.WriteByte('\n')
}

// luaString quotes text.
func luaString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case 0:
			b.WriteString(`\0`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

var luaWords = strings.Fields("and break do else elseif end false for function if in local nil not or repeat return then true until while")

func isName(s string) bool {
	for i, r := range s {
		if !(r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return s != "" && !slices.Contains(luaWords, s)
}

// field is name = or ["name"] =.
func field(name string) string {
	if isName(name) {
		return name
	}
	return "[" + luaString(name) + "]"
}

func strs(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = luaString(s)
	}
	return "{" + strings.Join(out, ", ") + "}"
}

// value writes what may be an argument.
func luaValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return luaString(v)
	case bool, int64, int, float64:
		return fmt.Sprint(v)
	case types.Type:
		return typeCode(v)
	case []any:
		out := make([]string, len(v))
		for i, item := range v {
			out[i] = luaValue(item)
		}
		return "{" + strings.Join(out, ", ") + "}"
	case types.Object:
		var out []string
		for name, item := range v.All() {
			out = append(out, field(name)+" = "+luaValue(item))
		}
		return "{" + strings.Join(out, ", ") + "}"
	case map[string]any:
		return luaValue(objectOf(v))
	case core.Expr:
		return expression(v)
	}
	return luaString(types.Str(v))
}

func objectOf(m map[string]any) types.Object {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	var o types.Object
	for _, n := range names {
		o.Set(n, m[n])
	}
	return o
}

// expression is reflected SQL: text.
func expression(e core.Expr) string {
	if t, ok := e.(*core.Text); ok {
		return "text(" + luaString(t.SQL) + ")"
	}
	if c, ok := e.(*core.Column); ok {
		return luaString(string(c.Name))
	}
	return "text(" + luaString(fmt.Sprint(e)) + ")"
}

// typeCode is a type as a person writes it: VARCHAR(50), postgresql.JSONB.
func typeCode(t types.Type) string {
	class := types.ClassOf(t)
	if class == nil {
		return "NullType"
	}
	var given, named []string
	positional := true
	for _, p := range class.Params {
		v, _ := types.Attr(t, p.Name)
		if p.Variadic {
			list, _ := v.([]any)
			for _, item := range list {
				given = append(given, luaValue(item))
			}
			positional = false
			continue
		}
		if v == nil || types.Equal(v, p.Default) || isPlainType(v, p.Default) {
			positional = false
			continue
		}
		if p.Positional && positional {
			given = append(given, luaValue(v))
			continue
		}
		named = append(named, p.Name+" = "+luaValue(v))
	}
	if len(named) > 0 {
		given = append(given, "{"+strings.Join(named, ", ")+"}")
	}
	name := class.QualifiedName()
	if len(given) == 0 {
		return name
	}
	return name + "(" + strings.Join(given, ", ") + ")"
}

func isPlainType(v, def any) bool {
	a, ok := v.(types.Type)
	b, ok2 := def.(types.Type)
	if ok && def == nil {
		return a.Name() == "Text" // astext_type
	}
	return ok && ok2 && a.Key() == b.Key()
}

// options are {k = v}, nothing for none.
func options(pairs []string) string {
	if len(pairs) == 0 {
		return ""
	}
	return ", {" + strings.Join(pairs, ", ") + "}"
}

func dialectOptions(args map[string]any) []string {
	var out []string
	for name, v := range objectOf(args).All() {
		if v == false && name == "postgresql_nulls_not_distinct" {
			continue // as it is without
		}
		out = append(out, field(name)+" = "+luaValue(v))
	}
	return out
}

// column is Column(…); inline are foreign keys written with it.
func column(t *core.Table, c *core.Column, withName bool, inline []string) string {
	s := c.Schema
	var args []string
	if withName {
		args = append(args, luaString(string(c.Name)))
	}
	args = append(args, typeCode(c.ExprType()))
	args = append(args, inline...)
	if s.Identity != nil {
		args = append(args, identity(s.Identity))
	}
	if s.Computed != nil {
		persisted := ""
		if s.Computed.Persisted != nil {
			persisted = fmt.Sprintf(", {persisted = %v}", *s.Computed.Persisted)
		}
		args = append(args, "Computed("+luaString(s.Computed.X.(*core.Text).SQL)+persisted+")")
	}
	var kw []string
	key := t.PK.Index(c) >= 0
	if key {
		kw = append(kw, "primary_key = true")
	}
	if s.Nullable == key && s.Identity == nil {
		kw = append(kw, fmt.Sprintf("nullable = %v", s.Nullable))
	}
	if d := s.ServerDefault; d != nil && d.SQL != nil {
		if x, ok := d.SQL.(*core.Text); !ok || !(strings.HasPrefix(x.SQL, "nextval(") && key) {
			kw = append(kw, "server_default = "+expression(d.SQL))
		}
	}
	if key && s.Autoincrement == core.AutoincrementOff && len(t.PK.Cols) == 1 {
		kw = append(kw, "autoincrement = false")
	}
	if key && s.Autoincrement == core.AutoincrementOn && len(t.PK.Cols) > 1 {
		kw = append(kw, "autoincrement = true")
	}
	if s.Comment != "" {
		kw = append(kw, "comment = "+luaString(s.Comment))
	}
	return "Column(" + strings.Join(args, ", ") + options(kw) + ")"
}

func identity(x *core.Identity) string {
	var kw []string
	if x.Always {
		kw = append(kw, "always = true")
	}
	for _, n := range []struct {
		name string
		v    *int64
	}{{"start", x.Start}, {"increment", x.Increment}, {"minvalue", x.MinValue}, {"maxvalue", x.MaxValue}, {"cache", x.Cache}} {
		if n.v != nil {
			kw = append(kw, n.name+" = "+integer(*n.v))
		}
	}
	if x.Cycle != nil && *x.Cycle {
		kw = append(kw, "cycle = true")
	}
	return "Identity{" + strings.Join(kw, ", ") + "}"
}

// integer is exact: beyond 2^53 Lua's numbers are not.
func integer(n int64) string {
	if n > 1<<53 || n < -1<<53 {
		return `int64("` + strconv.FormatInt(n, 10) + `")`
	}
	return strconv.FormatInt(n, 10)
}

func columnNames(cols []*core.Column) []string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = string(c.Name)
	}
	return out
}

// single are the foreign keys of one column, to be written with it.
func single(t *core.Table, c *core.Column) []*core.ForeignKeyConstraint {
	var out []*core.ForeignKeyConstraint
	for _, fk := range t.ForeignKeyConstraints() {
		if len(fk.Cols) == 1 && fk.Cols[0] == c {
			out = append(out, fk)
		}
	}
	return out
}

func foreignKeyOptions(fk *core.ForeignKeyConstraint) []string {
	var kw []string
	for _, o := range []struct{ name, v string }{{"name", fk.Name}, {"ondelete", fk.OnDelete}, {"onupdate", fk.OnUpdate}, {"initially", fk.Initially}, {"match", fk.Match}} {
		if o.v != "" {
			kw = append(kw, o.name+" = "+luaString(o.v))
		}
	}
	if fk.Deferrable != nil {
		kw = append(kw, fmt.Sprintf("deferrable = %v", *fk.Deferrable))
	}
	return kw
}

func foreignKeys(t *core.Table, c *core.Column) []string {
	var out []string
	for _, fk := range single(t, c) {
		out = append(out, "ForeignKey("+luaString(fk.Elements[0].Spec())+options(foreignKeyOptions(fk))+")")
	}
	return out
}

// items are what follows the columns.
func items(t *core.Table) []string {
	var out []string
	if t.PK.Name != "" && len(t.PK.Cols) > 0 {
		quoted := make([]string, len(t.PK.Cols))
		for i, c := range t.PK.Cols {
			quoted[i] = luaString(string(c.Name))
		}
		out = append(out, "PrimaryKeyConstraint("+strings.Join(quoted, ", ")+options([]string{"name = " + luaString(t.PK.Name)})+")")
	}
	named := func(o *core.ConstraintOptions) []string {
		var kw []string
		if o.Name != "" {
			kw = append(kw, "name = "+luaString(o.Name))
		}
		return append(kw, dialectOptions(o.DialectArgs)...)
	}
	for _, k := range t.Constraints {
		switch k := k.(type) {
		case *core.ForeignKeyConstraint:
			if len(k.Cols) > 1 {
				var to []string
				for _, e := range k.Elements {
					to = append(to, e.Spec())
				}
				out = append(out, "ForeignKeyConstraint("+strs(columnNames(k.Cols))+", "+strs(to)+options(foreignKeyOptions(k))+")")
			}
		case *core.UniqueConstraint:
			list := strs(columnNames(k.Cols))
			out = append(out, "UniqueConstraint("+list[1:len(list)-1]+options(named(&k.ConstraintOptions))+")")
		case *core.CheckConstraint:
			if x, ok := k.X.(*core.Text); ok {
				out = append(out, "CheckConstraint("+luaString(x.SQL)+options(named(&k.ConstraintOptions))+")")
			}
		}
	}
	for _, x := range t.Indexes {
		if !ordered(x) {
			out = append(out, index(x, ""))
		}
	}
	return out
}

func tableOptions(t *core.Table) []string {
	var kw []string
	if t.Schema != "" {
		kw = append(kw, "schema = "+luaString(t.Schema))
	}
	if t.Comment != "" {
		kw = append(kw, "comment = "+luaString(t.Comment))
	}
	return append(kw, dialectOptions(t.DialectArgs)...)
}

// unique makes a name that nothing has yet.
func (g *generator) unique(name string) string {
	base := name
	for i := 2; g.taken[name] || g.reserved(name); i++ {
		name = base + "_" + strconv.Itoa(i)
	}
	g.taken[name] = true
	return name
}

// identifier is a table's name as a variable.
func identifier(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	if s := b.String(); isName(s) {
		return s
	}
	return "t_" + b.String()
}

func (g *generator) tables(m *core.MetaData) string {
	g.taken["metadata"] = true
	g.line(0, "metadata = MetaData()")
	sorted, _ := m.Sorted()
	for _, t := range sorted {
		name := g.unique(identifier(t.Name))
		g.line(0, "")
		lines := []string{}
		for _, c := range t.Columns().All() {
			lines = append(lines, column(t, c, true, foreignKeys(t, c)))
		}
		lines = append(lines, items(t)...)
		if kw := tableOptions(t); len(kw) > 0 {
			lines = append(lines, "{"+strings.Join(kw, ", ")+"}")
		}
		g.line(0, "%s = Table(%s, metadata,", name, luaString(t.Name))
		g.line(1, "%s)", strings.Join(lines, ",\n  "))
		g.orderedIndexes(t, name+".c")
	}
	return g.b.String()
}

// className is a table's name as a class: order_lines is OrderLines.
func className(name string) string {
	var b strings.Builder
	for _, part := range strings.FieldsFunc(identifier(name), func(r rune) bool { return r == '_' }) {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	if s := b.String(); isName(s) {
		return s
	}
	return "T" + b.String()
}

// relation is one relationship of a class.
type relation struct{ name, code string }

func (g *generator) classes(m *core.MetaData) string {
	g.taken["Base"] = true
	g.line(0, "Base = declarative_base()")
	sorted, _ := m.Sorted()
	for _, t := range sorted {
		g.names[t] = g.unique(className(t.Name))
	}
	relations := g.relations(sorted)
	for _, t := range sorted {
		g.line(0, "")
		if len(t.PK.Cols) == 0 {
			g.line(0, "-- %s has no primary key: a table, no class", t.FullName())
			name := g.unique(identifier(t.Name))
			g.line(0, "%s = Table(%s, Base.metadata,", name, luaString(t.Name))
			var lines []string
			for _, c := range t.Columns().All() {
				lines = append(lines, column(t, c, true, foreignKeys(t, c)))
			}
			g.line(1, "%s)", strings.Join(append(lines, items(t)...), ",\n  "))
			g.orderedIndexes(t, name+".c")
			continue
		}
		g.line(0, "%s = class(%s, Base, {", g.names[t], luaString(g.names[t]))
		g.line(1, "__tablename__ = %s,", luaString(t.Name))
		args := items(t)
		if kw := tableOptions(t); len(kw) > 0 {
			args = append(args, "{"+strings.Join(kw, ", ")+"}")
		}
		if len(args) > 0 {
			g.line(1, "__table_args__ = {\n    %s},", strings.Join(args, ",\n    "))
		}
		for _, c := range t.Columns().All() {
			name := string(c.Name)
			g.line(1, "%s = %s,", field(name), column(t, c, !isName(name), foreignKeys(t, c)))
		}
		for _, r := range relations[t] {
			g.line(1, "%s = %s,", field(r.name), r.code)
		}
		g.line(0, "})")
		g.orderedIndexes(t, g.names[t]+".__table__.c")
	}
	return g.b.String()
}

// relations are, for each foreign key, the object that it refers to and the
// collection at the other end.
func (g *generator) relations(tables []*core.Table) map[*core.Table][]relation {
	out := map[*core.Table][]relation{}
	used := map[*core.Table]map[string]bool{}
	name := func(t *core.Table, want string) string {
		if used[t] == nil {
			used[t] = map[string]bool{"metadata": true, "registry": true}
			for _, c := range t.Columns().All() {
				used[t][string(c.Name)] = true
			}
		}
		base := want
		for i := 1; used[t][want]; i++ {
			want = base + "_" + strconv.Itoa(i)
		}
		used[t][want] = true
		return want
	}
	for _, t := range tables {
		between := map[*core.Table]int{}
		for _, fk := range t.ForeignKeyConstraints() {
			if to, err := fk.ReferredTable(); err == nil {
				between[to]++
			}
		}
		for _, fk := range t.ForeignKeyConstraints() {
			to, err := fk.ReferredTable()
			if err != nil || g.names[to] == "" || len(to.PK.Cols) == 0 || len(t.PK.Cols) == 0 {
				continue
			}
			want := identifier(to.Name)
			if len(fk.Cols) == 1 {
				if short, ok := strings.CutSuffix(string(fk.Cols[0].Name), "_id"); ok && short != "" {
					want = identifier(short)
				}
			}
			one := name(t, want)
			many := name(to, identifier(t.Name)+"_collection")
			var keys string
			if between[to] > 1 {
				var list []string
				for _, c := range fk.Cols {
					list = append(list, g.names[t]+"["+luaString(string(c.Name))+"]")
				}
				keys = ", foreign_keys = " + luaString("{"+strings.Join(list, ", ")+"}")
			}
			remote := ""
			if to == t {
				var list []string
				for _, e := range fk.Elements {
					_, col := e.TargetName()
					list = append(list, g.names[t]+"["+luaString(col)+"]")
				}
				remote = ", remote_side = " + luaString("{"+strings.Join(list, ", ")+"}")
			}
			out[t] = append(out[t], relation{one, fmt.Sprintf("relationship(%s, {back_populates = %s%s%s})", luaString(g.names[to]), luaString(many), keys, remote)})
			out[to] = append(out[to], relation{many, fmt.Sprintf("relationship(%s, {back_populates = %s%s})", luaString(g.names[t]), luaString(one), keys)})
		}
	}
	return out
}
