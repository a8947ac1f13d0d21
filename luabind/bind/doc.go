// Package bind is how Go values appear in Lua.
//
// A Class is the table of one bound Go type: what its values answer to, each
// member with a usage line, a sentence and an example. Calls, error messages,
// help() and completion all read the same table:
//
//	var point = bind.Define[*Point]("Point", "A point of the plane.").
//		Constructor("Point(x, y=0)", "Make a point.", "Point(1, 2)", newPoint).
//		Property("x", "The first coordinate.", func(p *Point) any { return p.X }).
//		Method("move(dx, dy=0)", "Move by a distance.", "p:move(1)", (*Point).move)
//
// A Signature is written once, in Python's spelling, and read once. Args holds
// the arguments of a call by name, whether they came as f(a, b, {k = v}) or as
// f{a, b, k = v}. Reading an argument of the wrong kind is a private panic that
// the door of the call turns into a TypeError.
//
// A State joins one Lua state with the classes: it converts values both ways,
// keeps one Lua value per Go object where identity matters, dispatches
// operators, and turns errors over at one place (raise and caught).
package bind
