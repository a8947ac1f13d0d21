package ormlib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/enginelib"
	"alchemysh/orm"
)

// automapping is what automap_base() adds to a base: classes are mapped only
// when prepare() has reflected the tables, with relationships for their foreign
// keys.
type automapping struct {
	base     *Class
	classes  *named
	seen     map[*core.Table]bool
	deferred []*deferredMapping
	mapped   []*deferredMapping
}

// deferredMapping is a class that waits for prepare().
type deferredMapping struct {
	class *Class
	table *core.Table
	def   orm.Definition
	decls []declared
	// readArgs reads __mapper_args__, where they wait too.
	readArgs func(def *orm.Definition) error
}

// automapping is that of the class's base; nil without one.
func (c *Class) automapping() *automapping {
	for _, k := range c.mro() {
		if k.auto != nil {
			return k.auto
		}
	}
	return nil
}

func (c *Class) checkPrepared() {
	if c.waits {
		bind.Fail(exc.UnmappedClassError, "Class %s is a subclass of DeferredReflection.  Mappings are not produced until the .prepare() method is called on the class hierarchy.", c.Name)
	}
	if a := c.automapping(); a != nil && slices.ContainsFunc(a.deferred, func(d *deferredMapping) bool { return d.class == c }) {
		bind.Fail(exc.UnmappedClassError, "Class %s is a subclass of AutomapBase.  Mappings are not produced until the .prepare() method is called on the class hierarchy.", c.Name)
	}
}

func (a *automapping) defer_(d *deferredMapping) { a.deferred = append(a.deferred, d) }

// attr answers what only an automap base has.
func (a *automapping) attr(k *Class, name string) (any, bool) {
	switch name {
	case "classes":
		return a.classes, true
	case "prepare":
		return prepareFunc, true
	}
	return nil, false
}

var automapBase = bind.Func("automap_base(declarative_base=nil, **kw)", "A base whose classes come from the tables of a database.", "Base = automap_base()", func(a *bind.Args) (any, error) {
	k := &Class{Name: "Base", abstract: true, body: map[string]lua.LValue{}}
	if given := bind.Get[*Class](a, "declarative_base"); given != nil {
		k.Name, k.Bases = given.Name, []*Class{given}
	} else {
		kw := a.L.NewTable()
		for _, o := range a.Keywords() {
			kw.RawSetString(o.Name, o.Value)
		}
		v, err := declarativeBase.CallWith(a.Call, kw)
		if err != nil {
			return nil, err
		}
		k.Name, k.Bases = v.(*Class).Name, []*Class{v.(*Class)}
	}
	k.auto = &automapping{base: k, classes: &named{}, seen: map[*core.Table]bool{}}
	return k, nil
})

var prepareFunc = bind.Func(`prepare(cls, autoload_with=nil, engine=nil, reflect=false, schema=nil, classname_for_table=nil, modulename_for_table=nil, collection_class=nil, name_for_scalar_relationship=nil, name_for_collection_relationship=nil, generate_relationship=nil, reflection_options{}=nil)`,
	"Reflect the tables and map them.", "Base:prepare{autoload_with = engine}", func(a *bind.Args) (any, error) {
		auto := bind.Get[*Class](a, "cls").automapping()
		meta := auto.base.registryOf().Registry.MetaData
		with := a.Lua("autoload_with")
		if with == lua.LNil {
			with = a.Lua("engine")
		}
		if a.Has("autoload_with") || a.Bool("reflect") {
			if err := reflectTables(a, meta, with); err != nil {
				return nil, err
			}
		}
		p := &preparation{Args: a, auto: auto, byTable: map[*core.Table]*deferredMapping{}}
		return nil, p.run(meta)
	})

// reflectTables is metadata:reflect() that leaves what is declared as it is.
func reflectTables(a *bind.Args, meta *core.MetaData, with lua.LValue) error {
	kw := a.L.NewTable()
	kw.RawSetString("extend_existing", lua.LTrue)
	kw.RawSetString("autoload_replace", lua.LFalse)
	if a.Has("schema") {
		kw.RawSetString("schema", a.Lua("schema"))
	}
	if t, ok := a.Lua("reflection_options").(*lua.LTable); ok {
		t.ForEach(func(k, v lua.LValue) { kw.RawSet(k, v) })
	}
	m := a.FromGo(a.L, meta)
	f, _ := a.CallbackOf(a.L.GetField(m, "reflect"))
	_, err := f.Call(m, with, kw)
	return err
}

// preparation is one call of prepare().
type preparation struct {
	*bind.Args
	auto    *automapping
	byTable map[*core.Table]*deferredMapping
	order   []*deferredMapping
}

// secondaryTable is a table with nothing but two foreign keys.
type secondaryTable struct {
	table *core.Table
	fks   []*core.ForeignKeyConstraint
}

func (p *preparation) run(meta *core.MetaData) error {
	for _, d := range p.auto.deferred {
		p.add(d)
	}
	for _, d := range p.auto.mapped {
		if p.byTable[d.table] == nil && d.table != nil {
			p.byTable[d.table] = d
		}
	}
	var secondaries []secondaryTable
	for _, t := range meta.Tables() {
		if p.auto.seen[t] {
			continue
		}
		p.auto.seen[t] = true
		if fks := onlyTwoKeys(t); fks != nil {
			secondaries = append(secondaries, secondaryTable{t, fks})
			continue
		}
		if len(t.PK.Cols) == 0 || p.byTable[t] != nil {
			continue
		}
		name, err := p.name("classname_for_table", classnameForTable, t.Name, t)
		if err != nil {
			return err
		}
		if _, taken := p.auto.classes.values[name]; taken {
			enginelib.Warn(p.State)("Ignoring duplicate class name '" + name + "' received in automap base for table " + t.FullName() + " without ``__module__`` being set; consider using the ``modulename_for_table`` hook")
			continue
		}
		k := &Class{Name: name, Bases: []*Class{p.auto.base}, body: map[string]lua.LValue{}, table: t}
		k.set("__table__", p.FromGo(p.L, t))
		p.auto.classes.add(name, k)
		d := &deferredMapping{class: k, table: t, def: orm.Definition{Name: name, Class: k, Local: t}}
		p.auto.defer_(d)
		p.add(d)
	}
	for _, d := range slices.Clone(p.order) {
		if err := p.relationships(d); err != nil {
			return err
		}
	}
	for _, s := range secondaries {
		if err := p.manyToMany(s); err != nil {
			return err
		}
	}
	waiting := p.auto.deferred
	p.auto.deferred = nil
	for _, d := range waiting {
		if d.def.Inherits == nil {
			for _, b := range d.class.Bases {
				if m := b.mapped(); m != nil {
					d.def.Inherits = m
					break
				}
			}
		}
		if err := d.class.mapTo(p.Call, d.class.registryOf(), d.def, d.decls); err != nil {
			return err
		}
		p.auto.mapped = append(p.auto.mapped, d)
	}
	return nil
}

func (p *preparation) add(d *deferredMapping) {
	if d.table != nil && p.byTable[d.table] == nil {
		p.byTable[d.table] = d
	}
	p.order = append(p.order, d)
}

// onlyTwoKeys gives the constraints of an association table; nil if t is none.
func onlyTwoKeys(t *core.Table) []*core.ForeignKeyConstraint {
	fks := foreignKeysOf(t)
	if len(fks) != 2 {
		return nil
	}
	of := map[*core.Column]bool{}
	for _, fk := range fks {
		for _, c := range fk.Cols {
			of[c] = true
		}
	}
	for _, c := range t.Columns().All() {
		if !of[c] {
			return nil
		}
	}
	return fks
}

func foreignKeysOf(t *core.Table) []*core.ForeignKeyConstraint {
	var fks []*core.ForeignKeyConstraint
	for _, k := range t.Constraints {
		if fk, ok := k.(*core.ForeignKeyConstraint); ok {
			fks = append(fks, fk)
		}
	}
	return fks
}

// referred are the columns that a constraint refers to.
func referred(fk *core.ForeignKeyConstraint) ([]*core.Column, error) {
	cols := make([]*core.Column, len(fk.Elements))
	for n, e := range fk.Elements {
		c, err := e.Resolve()
		if err != nil {
			return nil, err
		}
		cols[n] = c
	}
	return cols, nil
}

// name asks a hook of prepare(), or its default.
func (p *preparation) name(hook string, otherwise *bind.Function, args ...any) (string, error) {
	all := append([]any{p.auto.base}, args...)
	if f := p.Function(hook); f != nil {
		v, err := f.Call1(all...)
		if err != nil {
			return "", err
		}
		name, _ := v.(string)
		return name, nil
	}
	t := p.L.NewTable()
	for _, x := range all {
		t.Append(p.FromGo(p.L, x))
	}
	v, err := otherwise.CallWith(p.Call, t)
	name, _ := v.(string)
	return name, err
}

var classnameForTable = bind.Func("classname_for_table(base, tablename, table)", "The name of the class of a table: the table's.", `classname_for_table(Base, "user", t)`, func(a *bind.Args) (any, error) {
	return a.String("tablename"), nil
})

var nameForScalarRelationship = bind.Func("name_for_scalar_relationship(base, local_cls, referred_cls, constraint)", "The name of a reference to one object: its class's, in small letters.", "name_for_scalar_relationship(Base, Address, User, fk)", func(a *bind.Args) (any, error) {
	return strings.ToLower(bind.Get[*Class](a, "referred_cls").Name), nil
})

var nameForCollectionRelationship = bind.Func("name_for_collection_relationship(base, local_cls, referred_cls, constraint)", "The name of a collection: the objects' class in small letters, and _collection.", "name_for_collection_relationship(Base, User, Address, fk)", func(a *bind.Args) (any, error) {
	return strings.ToLower(bind.Get[*Class](a, "referred_cls").Name) + "_collection", nil
})

// generateRelationship is the default of the hook of that name, and what a hook
// of one's own calls in the end.
var generateRelationship = bind.Func("generate_relationship(base, direction, return_fn{!}, attrname, local_cls, referred_cls, **kw)", "The relationship() or backref() of an automap.", `generate_relationship(base, direction, return_fn, attrname, local_cls, referred_cls, kw)`, func(a *bind.Args) (any, error) {
	f := a.Function("return_fn")
	kw := a.L.NewTable()
	for _, k := range a.Keywords() {
		kw.RawSetString(k.Name, k.Value)
	}
	first := a.Lua("referred_cls")
	if fn, ok := f.Value().(*lua.LFunction); ok {
		if d, ok := a.Described(fn); ok && d.Name == "backref" {
			first = a.Lua("attrname")
		}
	}
	r, err := f.Call(first, kw)
	if err != nil || len(r) == 0 {
		return nil, err
	}
	return r[0], nil
})

// generate makes a relationship, or a backref, by the hook or without.
func (p *preparation) generate(direction orm.Direction, make *bind.Function, name string, local, refers *Class, kw map[string]any) (any, error) {
	t := p.L.NewTable()
	for _, k := range slices.Sorted(keysOf(kw)) {
		if v := kw[k]; v != nil {
			t.RawSetString(k, p.FromGo(p.L, v))
		}
	}
	if p.Has("collection_class") && direction != orm.ManyToOne {
		t.RawSetString("collection_class", p.Lua("collection_class"))
	}
	f := p.Function("generate_relationship")
	if f == nil {
		var err error
		if f, err = p.callback(generateRelationship); err != nil {
			return nil, err
		}
	}
	v, err := f.Call1(p.auto.base, direction, p.FromGo(p.L, make), name, local, refers, t)
	if err != nil {
		return nil, err
	}
	return v, nil
}

func keysOf(m map[string]any) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (p *preparation) callback(f *bind.Function) (*bind.Callback, error) {
	cb, ok := p.CallbackOf(p.FromGo(p.L, f))
	if !ok {
		return nil, exc.New(exc.TypeError, "%s is no function", f.Name)
	}
	return cb, nil
}

// has reports whether a class maps a name by itself.
func (d *deferredMapping) has(name string) bool { return d.property(name) != nil }

func (d *deferredMapping) property(name string) any {
	for _, n := range d.def.Properties {
		if n.Key == name {
			return n.Value
		}
	}
	return nil
}

func (d *deferredMapping) set(p *preparation, name string, rel any) error {
	r, ok := rel.(*orm.Relationship)
	if !ok {
		return nil
	}
	if d.class.mapper != nil { // mapped by an earlier prepare()
		return d.class.mapper.AddProperty(name, r)
	}
	d.def.Properties = append(d.def.Properties, orm.Named{Key: name, Value: r})
	return nil
}

func (d *deferredMapping) populates(name, back string) {
	if r, ok := d.property(name).(*orm.Relationship); ok {
		r.BackPopulates = back
	}
}

// relationships makes the relationships of a table's foreign keys, each with
// the collection on the other side.
func (p *preparation) relationships(d *deferredMapping) error {
	if d.table == nil {
		return nil
	}
	for _, fk := range foreignKeysOf(d.table) {
		remote, err := referred(fk)
		if err != nil {
			return err
		}
		table, _ := remote[0].Table.(*core.Table)
		other := p.byTable[table]
		if other == nil || d.class != other.class && d.class.derives(other.class) {
			continue
		}
		name, err := p.name("name_for_scalar_relationship", nameForScalarRelationship, d.class, other.class, fk)
		if err != nil {
			return err
		}
		back, err := p.name("name_for_collection_relationship", nameForCollectionRelationship, other.class, d.class, fk)
		if err != nil {
			return err
		}
		many := func() map[string]any {
			kw := map[string]any{}
			nullable := !slices.ContainsFunc(fk.Cols, func(c *core.Column) bool { return !c.Schema.Nullable })
			if !nullable {
				kw["cascade"] = "all, delete-orphan"
			}
			if !nullable && strings.EqualFold(fk.OnDelete, "cascade") || nullable && strings.EqualFold(fk.OnDelete, "set null") {
				kw["passive_deletes"] = true
			}
			return kw
		}
		create := !other.has(back)
		switch {
		case !d.has(name):
			kw := map[string]any{"foreign_keys": columnList(fk.Cols), "remote_side": columnList(remote)}
			if create {
				b, err := p.generate(orm.OneToMany, backrefFunc, back, other.class, d.class, many())
				if err != nil {
					return err
				}
				kw["backref"] = b
			}
			rel, err := p.generate(orm.ManyToOne, relationshipFunc, name, d.class, other.class, kw)
			if err != nil {
				return err
			}
			if rel == nil {
				continue
			}
			if err := d.set(p, name, rel); err != nil {
				return err
			}
			if !create {
				other.populates(back, name)
			}
		case create:
			kw := many()
			kw["foreign_keys"], kw["back_populates"] = columnList(fk.Cols), name
			rel, err := p.generate(orm.OneToMany, relationshipFunc, back, other.class, d.class, kw)
			if err != nil {
				return err
			}
			if rel == nil {
				continue
			}
			if err := other.set(p, back, rel); err != nil {
				return err
			}
			d.populates(name, back)
		}
	}
	return nil
}

func columnList(cols []*core.Column) []any {
	out := make([]any, len(cols))
	for n, c := range cols {
		out[n] = c
	}
	return out
}

// manyToMany makes the two collections of an association table.
func (p *preparation) manyToMany(s secondaryTable) error {
	var sides [2]*deferredMapping
	var joins [2]core.Expr
	for n, fk := range s.fks {
		remote, err := referred(fk)
		if err != nil {
			return err
		}
		table, _ := remote[0].Table.(*core.Table)
		if sides[n] = p.byTable[table]; sides[n] == nil {
			return nil
		}
		var items []core.Expr
		for i, c := range remote {
			items = append(items, core.Eq(c, fk.Cols[i]))
		}
		joins[n] = core.And(items...)
	}
	local, remote := sides[0], sides[1]
	name, err := p.name("name_for_collection_relationship", nameForCollectionRelationship, local.class, remote.class, s.fks[0])
	if err != nil {
		return err
	}
	back, err := p.name("name_for_collection_relationship", nameForCollectionRelationship, remote.class, local.class, s.fks[1])
	if err != nil {
		return err
	}
	create := !remote.has(back)
	switch {
	case !local.has(name):
		kw := map[string]any{"secondary": s.table, "primaryjoin": joins[0], "secondaryjoin": joins[1]}
		if create {
			b, err := p.generate(orm.ManyToMany, backrefFunc, back, remote.class, local.class, map[string]any{})
			if err != nil {
				return err
			}
			kw["backref"] = b
		}
		rel, err := p.generate(orm.ManyToMany, relationshipFunc, name, local.class, remote.class, kw)
		if err != nil || rel == nil {
			return err
		}
		if err := local.set(p, name, rel); err != nil {
			return err
		}
		if !create {
			remote.populates(back, name)
		}
	case create:
		kw := map[string]any{"secondary": s.table, "primaryjoin": joins[1], "secondaryjoin": joins[0], "back_populates": name}
		rel, err := p.generate(orm.ManyToMany, relationshipFunc, back, remote.class, local.class, kw)
		if err != nil || rel == nil {
			return err
		}
		if err := remote.set(p, back, rel); err != nil {
			return err
		}
		local.populates(name, back)
	}
	return nil
}
