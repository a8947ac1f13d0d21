package script

import (
	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// The hidden locals of a rewritten loop; no source can spell them.
const (
	loopStep    = "(for step)"
	loopState   = "(for state)"
	loopControl = "(for control)"
	loopStop    = "(for stop)"
)

// loop turns
//
//	for a, b in e do body end
//
// into
//
//	do
//	  local step, state, control, stop = iterate(names, e)
//	  while true do
//	    local a, b = step(state, control)
//	    if a == stop then break end
//	    control = a
//	    do body end
//	  end
//	end
//
// For Lua's own iterators stop is nil and this is what Lua does. For anything
// else the step function ends with a stop value of its own, so that a row
// whose first column is NULL does not end the loop.
//
// A loop over pairs(…), ipairs(…) or an explicit iterator triple stays as it is.
func (w *rewriter) loop(x *ast.GenericForStmt) ast.Stmt {
	lua51 := len(x.Exprs) > 1 || w.isLuaIterator(x.Exprs[0])
	w.values(x.Exprs)
	w.stmts(x.Stmts)
	if lua51 {
		// gopher-lua leaves what was in the register where an expression lacks.
		for n := len(x.Exprs); n < 3 && !multiple(x.Exprs[n-1]); n++ {
			x.Exprs = append(x.Exprs, place(x, &ast.NilExpr{}))
		}
		return x
	}
	name := func(n string) *ast.IdentExpr { return place(x, &ast.IdentExpr{Value: n}) }
	names := place(x, &ast.NumberExpr{Value: itoa(len(x.Names))})
	open := place(x, &ast.LocalAssignStmt{
		Names: []string{loopStep, loopState, loopControl, loopStop},
		Exprs: []ast.Expr{place(x, &ast.FuncCallExpr{
			Func: w.consts.expr(x, w.door.iterate),
			Args: append([]ast.Expr{names}, x.Exprs...),
		})},
	})
	next := place(x, &ast.LocalAssignStmt{
		Names: x.Names,
		Exprs: []ast.Expr{place(x, &ast.FuncCallExpr{Func: name(loopStep), Args: []ast.Expr{name(loopState), name(loopControl)}})},
	})
	stop := place(x, &ast.IfStmt{
		Condition: place(x, &ast.RelationalOpExpr{Operator: "==", Lhs: name(x.Names[0]), Rhs: name(loopStop)}),
		Then:      []ast.Stmt{place(x, &ast.BreakStmt{})},
	})
	advance := place(x, &ast.AssignStmt{Lhs: []ast.Expr{name(loopControl)}, Rhs: []ast.Expr{name(x.Names[0])}})
	body := place(x, &ast.DoBlockStmt{Stmts: x.Stmts})
	while := place(x, &ast.WhileStmt{
		Condition: place(x, &ast.TrueExpr{}),
		Stmts:     []ast.Stmt{next, stop, advance, body},
	})
	return place(x, &ast.DoBlockStmt{Stmts: []ast.Stmt{open, while}})
}

// isLuaIterator recognises the calls that certainly follow Lua's protocol.
func (w *rewriter) isLuaIterator(e ast.Expr) bool {
	call, ok := e.(*ast.FuncCallExpr)
	if !ok {
		return false
	}
	if id, ok := call.Func.(*ast.IdentExpr); ok {
		return w.uses[id] == nil && !w.assigned[id.Value] && (id.Value == "pairs" || id.Value == "ipairs")
	}
	return call.Method == "gmatch"
}

// iterator is the hook behind loop: it gives step, state, control, stop.
func (d *Door) iterator(L *lua.LState) int {
	names := int(lua.LVAsNumber(L.Get(1)))
	v := L.Get(2)
	if f, ok := v.(*lua.LFunction); ok { // Lua's own protocol
		state, control := L.Get(3), L.Get(4)
		L.Push(f)
		L.Push(state)
		L.Push(control)
		L.Push(lua.LNil)
		return 4
	}
	if t, ok := v.(*lua.LTable); ok && L.GetMetaField(t, "__call") != lua.LNil {
		L.Push(t)
		L.Push(L.Get(3))
		L.Push(L.Get(4))
		L.Push(lua.LNil)
		return 4
	}
	step := d.hooks.Iterate(L, v, names)
	L.Push(L.NewFunction(func(L *lua.LState) int {
		n := step(L)
		if n < 0 {
			L.Push(d.stop)
			return 1
		}
		return n
	}))
	L.Push(lua.LNil)
	L.Push(lua.LNil)
	L.Push(d.stop)
	return 4
}
