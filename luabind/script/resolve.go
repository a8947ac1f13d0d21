package script

import (
	"fmt"
	"github.com/yuin/gopher-lua/ast"
)

// variable is one local of the source. Its sources are all expressions that
// are ever assigned to it; when every one of them is certainly a plain value,
// so is the variable.
type variable struct {
	name    string
	sources []ast.Expr
	opaque  bool // may hold anything
	session bool // a top-level local of a prompt line
	fn      *ast.FunctionExpr
	calls   [][]ast.Expr // how the local function fn is called
	escapes bool         // fn is used otherwise than by calling it
}

// resolver finds the variable of each identifier.
type resolver struct {
	scope     *scope
	uses      map[*ast.IdentExpr]*variable
	declared  map[ast.Stmt][]*variable // the locals of a LocalAssignStmt
	params    map[*ast.FunctionExpr][]*variable
	locals    map[string]*variable // session locals, nil outside a session
	depth     int                  // of blocks: 0 is the chunk's own
	functions int
	nested    int // expressions within expressions, 1 + 1 + 1 among them
	all       []*variable
	assigned  map[string]bool // globals that the chunk assigns to
}

type scope struct {
	up   *scope
	vars map[string]*variable
}

func (r *resolver) open() {
	if r.scope, r.depth = (&scope{up: r.scope}), r.depth+1; r.depth > deepestBlock {
		panic(&SyntaxError{Message: fmt.Sprintf("blocks nested more than %d deep", deepestBlock)})
	}
}

func (r *resolver) close() { r.scope = r.scope.up; r.depth-- }

func (r *resolver) declare(v *variable) *variable {
	if r.scope.vars == nil {
		r.scope.vars = map[string]*variable{}
	}
	r.scope.vars[v.name] = v
	r.all = append(r.all, v)
	return v
}

func (r *resolver) find(name string) *variable {
	for s := r.scope; s != nil; s = s.up {
		if v := s.vars[name]; v != nil {
			return v
		}
	}
	return r.locals[name]
}

func (r *resolver) block(ss []ast.Stmt) {
	r.open()
	r.stmts(ss)
	r.close()
}

func (r *resolver) stmts(ss []ast.Stmt) {
	for _, s := range ss {
		r.stmt(s)
	}
}

func (r *resolver) stmt(s ast.Stmt) {
	switch x := s.(type) {
	case *ast.AssignStmt:
		r.exprs(x.Rhs)
		for i, l := range x.Lhs {
			id, ok := l.(*ast.IdentExpr)
			if !ok {
				r.expr(l)
				continue
			}
			v := r.find(id.Value)
			r.uses[id] = v
			if v == nil {
				r.assigned[id.Value] = true
				continue
			}
			v.escapes = true
			v.assign(x.Rhs, i)
		}
	case *ast.LocalAssignStmt:
		fn, isFunc := soleFunction(x)
		if !isFunc {
			r.exprs(x.Exprs)
		}
		vars := make([]*variable, len(x.Names))
		for i, n := range x.Names {
			v := &variable{name: n}
			if i < len(x.Exprs) || len(x.Exprs) > 0 {
				v.assign(x.Exprs, i)
			} else {
				v.sources = append(v.sources, place(x, &ast.NilExpr{}))
			}
			if r.locals != nil && r.depth == 0 && r.functions == 0 {
				v.session, v.opaque = true, true
			}
			vars[i] = r.declare(v)
		}
		r.declared[x] = vars
		if isFunc {
			vars[0].fn = fn
			r.expr(fn)
		}
	case *ast.FuncCallStmt:
		r.expr(x.Expr)
	case *ast.DoBlockStmt:
		r.block(x.Stmts)
	case *ast.WhileStmt:
		r.expr(x.Condition)
		r.block(x.Stmts)
	case *ast.RepeatStmt: // until sees the block's locals
		r.open()
		r.stmts(x.Stmts)
		r.expr(x.Condition)
		r.close()
	case *ast.IfStmt:
		r.expr(x.Condition)
		r.block(x.Then)
		r.block(x.Else)
	case *ast.NumberForStmt:
		r.exprs([]ast.Expr{x.Init, x.Limit, x.Step})
		r.open()
		r.declare(&variable{name: x.Name})
		r.stmts(x.Stmts)
		r.close()
	case *ast.GenericForStmt:
		r.exprs(x.Exprs)
		r.open()
		for _, n := range x.Names {
			r.declare(&variable{name: n, opaque: true})
		}
		r.stmts(x.Stmts)
		r.close()
	case *ast.FuncDefStmt:
		if x.Name.Func != nil {
			r.expr(x.Name.Func)
			if id, ok := x.Name.Func.(*ast.IdentExpr); ok {
				if v := r.uses[id]; v != nil {
					v.opaque = true
				} else {
					r.assigned[id.Value] = true
				}
			}
		}
		if x.Name.Receiver != nil {
			r.expr(x.Name.Receiver)
		}
		r.expr(x.Func)
	case *ast.ReturnStmt:
		r.exprs(x.Exprs)
	}
}

// assign notes that the i-th of several targets receives its part of values.
func (v *variable) assign(values []ast.Expr, i int) {
	switch {
	case i < len(values)-1, i == len(values)-1 && !multiple(values[i]):
		v.sources = append(v.sources, values[i])
	default:
		v.opaque = true
	}
}

func multiple(e ast.Expr) bool {
	switch e.(type) {
	case *ast.FuncCallExpr, *ast.Comma3Expr:
		return true
	}
	return false
}

func soleFunction(s *ast.LocalAssignStmt) (*ast.FunctionExpr, bool) {
	if len(s.Names) != 1 || len(s.Exprs) != 1 {
		return nil, false
	}
	fn, ok := s.Exprs[0].(*ast.FunctionExpr)
	return fn, ok
}

func (r *resolver) exprs(es []ast.Expr) {
	for _, e := range es {
		if e != nil {
			r.expr(e)
		}
	}
}

// How deep expressions and blocks nest at most: each later pass recurses too, and a
// stack that overflows ends the process.
const (
	deepest      = 200_000
	deepestBlock = 10_000
)

func (r *resolver) expr(e ast.Expr) {
	if r.nested++; r.nested > deepest {
		panic(&SyntaxError{Line: e.Line(), Message: fmt.Sprintf("expressions nested more than %d deep", deepest)})
	}
	r.visit(e)
	r.nested--
}

func (r *resolver) visit(e ast.Expr) {
	switch x := e.(type) {
	case *ast.IdentExpr:
		v := r.find(x.Value)
		r.uses[x] = v
		if v != nil {
			v.escapes = true
		}
	case *ast.AttrGetExpr:
		r.exprs([]ast.Expr{x.Object, x.Key})
	case *ast.TableExpr:
		for _, f := range x.Fields {
			r.exprs([]ast.Expr{f.Key, f.Value})
		}
	case *ast.FuncCallExpr:
		if id, ok := x.Func.(*ast.IdentExpr); ok {
			v := r.find(id.Value)
			r.uses[id] = v
			if v != nil {
				v.calls = append(v.calls, x.Args)
			}
		} else {
			r.exprs([]ast.Expr{x.Func, x.Receiver})
		}
		r.exprs(x.Args)
	case *ast.LogicalOpExpr:
		r.exprs([]ast.Expr{x.Lhs, x.Rhs})
	case *ast.RelationalOpExpr:
		r.exprs([]ast.Expr{x.Lhs, x.Rhs})
	case *ast.StringConcatOpExpr:
		r.exprs([]ast.Expr{x.Lhs, x.Rhs})
	case *ast.ArithmeticOpExpr:
		r.exprs([]ast.Expr{x.Lhs, x.Rhs})
	case *ast.UnaryMinusOpExpr:
		r.expr(x.Expr)
	case *ast.UnaryNotOpExpr:
		r.expr(x.Expr)
	case *ast.UnaryLenOpExpr:
		r.expr(x.Expr)
	case *ast.FunctionExpr:
		r.function(x)
	}
}

func (r *resolver) function(f *ast.FunctionExpr) {
	r.open()
	r.functions++
	if f.ParList != nil {
		for _, n := range f.ParList.Names {
			r.params[f] = append(r.params[f], r.declare(&variable{name: n}))
		}
	}
	r.stmts(f.Stmts)
	r.functions--
	r.close()
}

// settle decides which variables are plain. A parameter of a local function
// that is only ever called receives what the calls pass; any other may hold
// anything. The rest is the greatest fixed point: all are plain until a source
// is found that is not.
func (r *resolver) settle() {
	known := map[*ast.FunctionExpr]*variable{}
	for _, vars := range r.declared {
		for _, v := range vars {
			if v.fn != nil && !v.escapes && !v.session {
				known[v.fn] = v
			}
		}
	}
	for fn, params := range r.params {
		v := known[fn]
		for i, p := range params {
			if v == nil {
				p.opaque = true
				continue
			}
			for _, args := range v.calls {
				if i < len(args) || len(args) > 0 && multiple(args[len(args)-1]) {
					p.assign(args, i)
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, v := range r.all {
			if !v.opaque && !r.allPlain(v.sources) {
				v.opaque, changed = true, true
			}
		}
	}
}

func (r *resolver) allPlain(es []ast.Expr) bool {
	for _, e := range es {
		if !r.plain(e) {
			return false
		}
	}
	return true
}

// plain reports whether e is certainly a value on which Lua's own operators
// are right: a number, a string, a boolean or nil.
func (r *resolver) plain(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.TrueExpr, *ast.FalseExpr, *ast.NilExpr, *ast.StringExpr:
		return true
	case *ast.NumberExpr:
		return !beyondFloat(x.Value)
	case *ast.IdentExpr:
		return r.uses[x].isPlain()
	case *ast.ArithmeticOpExpr:
		return r.plain(x.Lhs) && r.plain(x.Rhs)
	case *ast.StringConcatOpExpr:
		return r.plain(x.Lhs) && r.plain(x.Rhs)
	case *ast.RelationalOpExpr:
		return r.plain(x.Lhs) && r.plain(x.Rhs)
	case *ast.LogicalOpExpr:
		return r.plain(x.Lhs) && r.plain(x.Rhs)
	case *ast.UnaryMinusOpExpr:
		return r.plain(x.Expr)
	case *ast.UnaryLenOpExpr, *ast.UnaryNotOpExpr:
		return true
	}
	return false
}

// isPlain is the verdict that settle reached.
func (v *variable) isPlain() bool { return v != nil && !v.opaque }
