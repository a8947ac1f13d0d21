package script

import (
	"math/big"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// rewriter turns a resolved syntax tree into one that calls the hooks.
type rewriter struct {
	*resolver
	door   *Door
	consts constants
	// needsSession says that the chunk reads or writes a session local.
	needsSession bool
	// mistakes are Python's spellings that Lua would accept in silence.
	mistakes []mistake
}

type mistake struct {
	line    int
	message string
}

// use says what becomes of an expression's value.
type use uint8

const (
	asValue use = iota
	asTest      // decides if, while, until: only its truth matters
	asAnd       // a direct operand of and, or, not whose value is used
	asOr
	asNot
)

// hook calls one of the door's functions. The result is adjusted to one value,
// which also keeps `return a == b` from becoming a tail call without a line.
func (w *rewriter) hook(at ast.PositionHolder, f *lua.LFunction, args ...ast.Expr) ast.Expr {
	return place(at, &ast.FuncCallExpr{Func: w.consts.expr(at, f), Args: args, AdjustRet: true})
}

func (w *rewriter) expr(e ast.Expr, u use) ast.Expr {
	switch x := e.(type) {
	case *ast.IdentExpr:
		return w.ident(x)
	case *ast.NumberExpr:
		return w.number(x, x.Value)
	case *ast.RelationalOpExpr:
		return w.relation(x, u)
	case *ast.LogicalOpExpr:
		return w.logical(x, u)
	case *ast.UnaryNotOpExpr:
		if u == asTest {
			x.Expr = w.expr(x.Expr, asTest)
		} else {
			x.Expr = w.expr(x.Expr, asNot)
		}
	case *ast.AttrGetExpr:
		x.Object, x.Key = w.value(x.Object), w.value(x.Key)
	case *ast.TableExpr:
		return w.table(x)
	case *ast.FuncCallExpr:
		w.pythonCall(x)
		if x.Func != nil {
			x.Func = w.value(x.Func)
		}
		if x.Receiver != nil {
			x.Receiver = w.value(x.Receiver)
		}
		w.values(x.Args)
	case *ast.StringConcatOpExpr:
		return w.concat(x)
	case *ast.ArithmeticOpExpr:
		x.Lhs, x.Rhs = w.value(x.Lhs), w.value(x.Rhs)
	case *ast.UnaryMinusOpExpr:
		if n, ok := x.Expr.(*ast.NumberExpr); ok && beyondFloat(n.Value) {
			return w.number(n, "-"+n.Value)
		}
		x.Expr = w.value(x.Expr)
	case *ast.UnaryLenOpExpr:
		x.Expr = w.value(x.Expr)
	case *ast.FunctionExpr:
		w.stmts(x.Stmts)
	}
	return e
}

func (w *rewriter) value(e ast.Expr) ast.Expr { return w.expr(e, asValue) }

func (w *rewriter) values(es []ast.Expr) {
	for i := range es {
		es[i] = w.value(es[i])
	}
}

// ident reads a session local from the door's table; other names stay.
func (w *rewriter) ident(x *ast.IdentExpr) ast.Expr {
	v := w.uses[x]
	if v == nil {
		w.pythonName(x)
		return x
	}
	if !v.session {
		return x
	}
	return w.sessionLocal(x, v.name)
}

// sessionTable is the hidden local that holds the door's table of session
// locals in a chunk that needs it.
const sessionTable = "(session)"

func (w *rewriter) sessionLocal(at ast.PositionHolder, name string) *ast.AttrGetExpr {
	w.needsSession = true
	return place(at, &ast.AttrGetExpr{
		Object: place(at, &ast.IdentExpr{Value: sessionTable}),
		Key:    place(at, &ast.StringExpr{Value: name}),
	})
}

// chunk rewrites a whole chunk.
func (w *rewriter) chunk(ss []ast.Stmt) []ast.Stmt {
	w.stmts(ss)
	if !w.needsSession {
		return ss
	}
	open := place(ss[0], &ast.LocalAssignStmt{
		Names: []string{sessionTable},
		Exprs: []ast.Expr{w.consts.expr(ss[0], w.door.locals)},
	})
	return append([]ast.Stmt{open}, ss...)
}

// beyondFloat reports whether the literal is an integer that a float64 does
// not hold exactly.
func beyondFloat(literal string) bool {
	if len(literal) < 16 { // 2^53 has sixteen digits
		return false
	}
	n, ok := integer(literal)
	if !ok || !n.IsInt64() && !n.IsUint64() {
		return false
	}
	return n.Cmp(floatLimit) > 0
}

// floatLimit is 2^53: from there on a float64 skips integers.
var floatLimit = new(big.Int).Lsh(big.NewInt(1), 53)

func integer(literal string) (*big.Int, bool) {
	if strings.HasPrefix(literal, "0x") || strings.HasPrefix(literal, "0X") {
		return new(big.Int).SetString(literal[2:], 16)
	}
	return new(big.Int).SetString(literal, 10)
}

func (w *rewriter) number(x *ast.NumberExpr, literal string) ast.Expr {
	digits := strings.TrimPrefix(literal, "-")
	if !beyondFloat(digits) {
		return x
	}
	n, _ := integer(digits)
	if len(digits) < len(literal) {
		n.Neg(n)
	}
	return w.consts.expr(x, w.door.hooks.Int64(w.door.L, n.String()))
}

// relation is a comparison. One of two plain values stays Lua's; one that is
// only tested gets a boolean from the hook; one whose value is used may become
// a SQL expression.
func (w *rewriter) relation(x *ast.RelationalOpExpr, u use) ast.Expr {
	plain := w.plain(x.Lhs) && w.plain(x.Rhs)
	if u == asTest && !plain && (x.Operator == "==" || x.Operator == "~=") {
		// No other value equals nil, a boolean, a string or a new table.
		plain = onlyEqualsItself(x.Lhs) || onlyEqualsItself(x.Rhs)
	}
	x.Lhs, x.Rhs = w.value(x.Lhs), w.value(x.Rhs)
	if plain {
		return x
	}
	return w.hook(x, w.door.compare[u][Op(x.Operator)], x.Lhs, adjust(x.Rhs))
}

func onlyEqualsItself(e ast.Expr) bool {
	switch e.(type) {
	case *ast.NilExpr, *ast.TrueExpr, *ast.FalseExpr, *ast.StringExpr, *ast.FunctionExpr:
		return true
	}
	return false
}

func (w *rewriter) logical(x *ast.LogicalOpExpr, u use) ast.Expr {
	inner := u
	if u != asTest {
		inner = asAnd
		if x.Operator == "or" {
			inner = asOr
		}
	}
	x.Lhs, x.Rhs = w.expr(x.Lhs, inner), w.expr(x.Rhs, inner)
	return x
}

// operandsPerCall keeps one call of the joining hook within Lua's registers.
const operandsPerCall = 100

// concat hands a chain to the hook, which joins from the left when SQL is among
// the operands, where Lua joins from the right, and spells numbers as print does,
// where gopher-lua has an exponent from 1e+06 on. A chain of strings is Lua's own.
func (w *rewriter) concat(x *ast.StringConcatOpExpr) ast.Expr {
	own := textual(x)
	operands := []ast.Expr{w.value(x.Lhs)}
	rest := x.Rhs
	for {
		inner, ok := rest.(*ast.StringConcatOpExpr)
		if !ok {
			break
		}
		operands = append(operands, w.value(inner.Lhs))
		rest = inner.Rhs
	}
	operands = append(operands, adjust(w.value(rest)))
	if !own {
		for len(operands) > operandsPerCall {
			first := w.hook(x, w.door.join, operands[:operandsPerCall:operandsPerCall]...)
			operands = append([]ast.Expr{first}, operands[operandsPerCall:]...)
		}
		return w.hook(x, w.door.join, operands...)
	}
	e := operands[len(operands)-1]
	for i := len(operands) - 2; i >= 0; i-- {
		e = place(x, &ast.StringConcatOpExpr{Lhs: operands[i], Rhs: e})
	}
	return e
}

// textual reports whether e is certainly a string or a whole number.
func textual(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.StringExpr, *ast.UnaryLenOpExpr:
		return true
	case *ast.StringConcatOpExpr:
		return textual(x.Lhs) && textual(x.Rhs)
	}
	return false
}

// adjust makes a call or ... give exactly one value, as parentheses do.
func adjust(e ast.Expr) ast.Expr {
	switch x := e.(type) {
	case *ast.FuncCallExpr:
		x.AdjustRet = true
	case *ast.Comma3Expr:
		x.AdjustRet = true
	}
	return e
}

// fieldsPerCall keeps one call of the building hook within Lua's registers.
const fieldsPerCall = 60

// table lets a hook build a constructor in which a named field might be nil,
// so that the field is remembered. Every other constructor stays Lua's.
func (w *rewriter) table(x *ast.TableExpr) ast.Expr {
	forgets := false
	for _, f := range x.Fields {
		if f.Key == nil {
			_, isNil := f.Value.(*ast.NilExpr)
			forgets = forgets || isNil
		} else {
			forgets = forgets || maybeNil(f.Value)
		}
	}
	for _, f := range x.Fields {
		if f.Key != nil {
			f.Key = w.value(f.Key)
		}
		f.Value = w.value(f.Value)
	}
	if !forgets || len(x.Fields) > 1500 {
		return x
	}
	var made ast.Expr
	for from := 0; from < len(x.Fields); from += fieldsPerCall {
		part := x.Fields[from:min(from+fieldsPerCall, len(x.Fields))]
		l := &layout{more: made != nil}
		args := []ast.Expr{nil}
		if made != nil {
			args = append(args, made)
		}
		for i, f := range part {
			switch key := f.Key.(type) {
			case nil:
				l.kinds = append(l.kinds, positionalField)
				if from+i < len(x.Fields)-1 {
					adjust(f.Value)
				}
			case *ast.StringExpr:
				if strings.HasPrefix(key.Value, marker) {
					l.kinds = append(l.kinds, computedField)
					args = append(args, key)
				} else {
					l.kinds = append(l.kinds, namedField)
					l.names = append(l.names, lua.LString(key.Value))
				}
				adjust(f.Value)
			default:
				l.kinds = append(l.kinds, computedField)
				args = append(args, adjust(key))
				adjust(f.Value)
			}
			args = append(args, f.Value)
		}
		args[0] = w.consts.expr(x, &lua.LUserData{Value: l, Metatable: lua.LNil})
		made = w.hook(x, w.door.build, args...)
	}
	return made
}

func maybeNil(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.IdentExpr, *ast.AttrGetExpr, *ast.FuncCallExpr, *ast.Comma3Expr, *ast.NilExpr:
		return true
	case *ast.LogicalOpExpr:
		return maybeNil(x.Rhs) || x.Operator == "and" && maybeNil(x.Lhs)
	}
	return false
}

func (w *rewriter) stmts(ss []ast.Stmt) {
	for i, s := range ss {
		ss[i] = w.stmt(s)
	}
}

func (w *rewriter) stmt(s ast.Stmt) ast.Stmt {
	switch x := s.(type) {
	case *ast.AssignStmt:
		w.values(x.Lhs)
		w.values(x.Rhs)
		return throughTemporaries(x)
	case *ast.LocalAssignStmt:
		w.values(x.Exprs)
		if vars := w.declared[x]; len(vars) > 0 && vars[0].session {
			return w.sessionLocals(x)
		}
	case *ast.FuncCallStmt:
		x.Expr = w.value(x.Expr)
	case *ast.DoBlockStmt:
		w.stmts(x.Stmts)
	case *ast.WhileStmt:
		x.Condition = w.expr(x.Condition, asTest)
		w.stmts(x.Stmts)
	case *ast.RepeatStmt:
		x.Condition = w.expr(x.Condition, asTest)
		w.stmts(x.Stmts)
	case *ast.IfStmt:
		x.Condition = w.expr(x.Condition, asTest)
		w.stmts(x.Then)
		w.stmts(x.Else)
	case *ast.NumberForStmt:
		x.Init, x.Limit = w.value(x.Init), w.value(x.Limit)
		if x.Step != nil {
			x.Step = w.value(x.Step)
		}
		w.stmts(x.Stmts)
	case *ast.GenericForStmt:
		return w.loop(x)
	case *ast.FuncDefStmt:
		if x.Name.Func != nil {
			x.Name.Func = w.value(x.Name.Func)
		}
		if x.Name.Receiver != nil {
			x.Name.Receiver = w.value(x.Name.Receiver)
		}
		w.stmts(x.Func.Stmts)
	case *ast.ReturnStmt:
		w.values(x.Exprs)
	}
	return s
}

// sessionLocals stores top-level locals of a prompt line where the next line
// finds them.
func (w *rewriter) sessionLocals(x *ast.LocalAssignStmt) ast.Stmt {
	s := &ast.AssignStmt{Rhs: x.Exprs}
	for _, n := range x.Names {
		s.Lhs = append(s.Lhs, w.sessionLocal(x, n))
	}
	if len(s.Rhs) == 0 {
		s.Rhs = []ast.Expr{place(x, &ast.NilExpr{})}
	}
	return throughTemporaries(place(x, s))
}

// throughTemporaries keeps an assignment away from two faults of gopher-lua's
// compiler: a call that gives exactly one value to the last parameter of a
// function loads the callee into that very register, over an argument; and of
// several targets the first is already changed when the second value is read.
func throughTemporaries(x *ast.AssignStmt) ast.Stmt {
	if len(x.Lhs) == 1 {
		if call, ok := x.Rhs[0].(*ast.FuncCallExpr); ok && len(x.Rhs) == 1 {
			call.AdjustRet = false // one target takes one value anyway
			return x
		}
	}
	simple := true
	for _, e := range x.Rhs {
		switch e.(type) {
		case *ast.IdentExpr, *ast.NilExpr, *ast.TrueExpr, *ast.FalseExpr, *ast.NumberExpr, *ast.StringExpr:
		default:
			simple = simple && len(x.Lhs) == 1 && len(x.Rhs) == 1
		}
	}
	if simple {
		return x
	}
	temporaries := place(x, &ast.LocalAssignStmt{Exprs: x.Rhs})
	assign := place(x, &ast.AssignStmt{Lhs: x.Lhs})
	for i := range x.Lhs {
		name := "(value " + itoa(i) + ")"
		temporaries.Names = append(temporaries.Names, name)
		assign.Rhs = append(assign.Rhs, place(x, &ast.IdentExpr{Value: name}))
	}
	return place(x, &ast.DoBlockStmt{Stmts: []ast.Stmt{temporaries, assign}})
}
