package core

import (
	"reflect"
	"testing"
	"unsafe"

	"alchemysh/core/types"
)

// Every field of every node must be part of the cache key: a forgotten one
// would hand one statement the SQL of another. The test changes each field in
// turn and demands another key.
func TestKeySeesEveryField(t *testing.T) {
	table := NewTable("t", NewMetaData(), "", NewColumn("a", integerType), NewColumn("b", integerType))
	a, b := table.C("a"), table.C("b")
	sel := NewSelect(a)
	fn := NewFunc(nil, "f", nil, a)
	cte := NewCTE(sel, "c", false, false)
	label := NewLabel(a, "x")
	when := []When{{a, b}}
	nodes := []Node{
		&Column{Name: "a", Type: integerType}, &Bind{Key: "x", Type: integerType}, &BoolConst{}, &Text{SQL: "x"}, label,
		&LabelRef{Text: "x"}, &Cast{X: a, Type: integerType}, &TypeCoerce{X: a, Type: integerType}, &Case{Whens: when, Type: integerType},
		&Extract{Field: "year", X: a}, fn, &Over{X: fn}, &Filter{X: fn, Where: a}, &WithinGroup{X: fn, OrderBy: []Expr{a}},
		&Unary{Op: NegOp, X: a, Type: integerType}, &AsBool{Op: IsTrueOp, X: a}, &Binary{Op: EqOp, Left: a, Right: b, Type: integerType},
		&BoolList{Op: AndOp, Items: []Expr{a}}, &ExprList{Sep: CommaOp, Items: []Expr{a}}, &Tuple{Items: []Expr{a}, Type: integerType},
		&Array{Items: []Expr{a}, Type: integerType}, &Slice{Start: a, Stop: a, Step: a}, &Collation{Name: "x"},
		&ScalarSelect{Query: sel, Type: integerType}, &Grouping{X: a}, &ScalarValues{Of: NewValues([]*Column{NewColumn("x", integerType)}, "v", false), Type: integerType}, &Exists{Query: sel}, &Quantified{Op: AnyOp, X: a, Type: integerType},
		&TableValued{Of: table, Type: integerType}, &FuncColumn{Fn: fn, Name: "x", Type: integerType}, &AggregateOrderBy{X: a, By: []Expr{a}},
		&Annotated{X: a, Note: note("n")},
		&Join{Left: table, Right: table, On: a}, &Alias{Of: table, Name: "x"}, cte, &Values{ColumnArgs: []*Column{a}, Name: "v"},
		&AnnotatedFrom{From: table, Note: note("n")},
		sel, Compound("UNION", sel, sel), &TextualSelect{Text: &Text{SQL: "x"}, Cols: []Expr{a}},
		&Insert{Table: table}, &Update{Table: table}, &Delete{Table: table},
	}
	// What does not change the SQL: values, what is computed, what the engine reads.
	outside := map[string]bool{
		"identity": true, "cols": true, "froms": true, "Options": true, "Value": true, "Callable": true, "Proxies": true, "Schema": true,
		"Anonymous": true, "bound": true, "Key": true,
	}
	for _, n := range nodes {
		base, _, ok := Key(n)
		if !ok {
			t.Errorf("%T has no key", n)
			continue
		}
		v := reflect.ValueOf(n).Elem()
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if outside[field.Name] && !(field.Name == "Key" && field.Type.Kind() == reflect.String && reflect.TypeOf(n) == reflect.TypeOf(&Bind{})) {
				if _, isBool := n.(*BoolConst); !isBool {
					continue
				}
			}
			changed := shallow(n)
			f := reflect.ValueOf(changed).Elem().Field(i)
			f = reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
			if !mutate(f, a, b, table, sel) {
				t.Errorf("%T.%s: the test does not know how to change a %s", n, field.Name, f.Type())
				continue
			}
			if key, _, ok := Key(changed); ok && key == base {
				t.Errorf("%T.%s is not part of the key", n, field.Name)
			}
		}
	}
}

type note string

func (n note) CacheKey() string { return string(n) }

// mutate gives f another value than it has.
func mutate(f reflect.Value, a, b *Column, table *Table, sel *Select) bool {
	other := NewTable("other", NewMetaData(), "", NewColumn("z", integerType))
	z := other.C("z")
	switch f.Interface().(type) {
	case Expr, Node, From, Query, Statement, types.Type, Keyed, *Operator:
	}
	set := func(x any) bool { f.Set(reflect.ValueOf(x)); return true }
	switch f.Type() {
	case reflect.TypeFor[Expr]():
		return set(z)
	case reflect.TypeFor[Node]():
		return set(other)
	case reflect.TypeFor[From]():
		return set(other)
	case reflect.TypeFor[Query](), reflect.TypeFor[Statement]():
		return set(NewSelect(z))
	case reflect.TypeFor[types.Type]():
		return set(stringType)
	case reflect.TypeFor[Keyed]():
		return set(note("m"))
	case reflect.TypeFor[*Operator]():
		return set(ModOp)
	case reflect.TypeFor[*Text]():
		return set(&Text{SQL: "other"})
	case reflect.TypeFor[*CTE]():
		return set(NewCTE(NewSelect(z), "other", false, false))
	case reflect.TypeFor[*Alias]():
		return set(NewAlias(other, "o").(*Alias))
	case reflect.TypeFor[*Fetch]():
		return set(&Fetch{Count: z})
	case reflect.TypeFor[*ForUpdate]():
		return set(&ForUpdate{Read: true})
	case reflect.TypeFor[*Upsert]():
		return set(&Upsert{Kind: "sqlite"})
	case reflect.TypeFor[*int64]():
		n := int64(1)
		return set(&n)
	}
	switch f.Kind() {
	case reflect.String:
		f.SetString(f.String() + "!")
	case reflect.Bool:
		f.SetBool(!f.Bool())
	case reflect.Int, reflect.Int64:
		f.SetInt(f.Int() + 1)
	case reflect.Uint8:
		f.SetUint(f.Uint() + 1)
	case reflect.Slice:
		e := reflect.New(f.Type().Elem()).Elem()
		if k := e.Kind(); k != reflect.Slice && k != reflect.Struct && !(k == reflect.Pointer && e.Type() == reflect.TypeFor[*Column]()) && !mutate(e, a, b, table, sel) {
			return false
		}
		if e.Type() == reflect.TypeFor[*Column]() {
			e.Set(reflect.ValueOf(z))
		}
		f.Set(reflect.Append(f, e))
	case reflect.Struct:
		for i := range f.NumField() {
			sub := f.Field(i)
			if sub.CanSet() && mutate(sub, a, b, table, sel) {
				return true
			}
		}
		return false
	default:
		return false
	}
	return true
}
