// Package script is the one door through which Lua source becomes a function.
//
// Lua 5.1 turns the result of == and < into a boolean, drops nil from tables
// and knows one protocol for loops. A shell that speaks SQL needs more, so
// every chunk (prompt, script, -c, require, load, loadstring, dofile,
// loadfile) is parsed with gopher-lua's parser, its syntax tree is rewritten,
// and the result is compiled with gopher-lua's compiler:
//
//   - a comparison whose value is used calls an operator hook, which may build
//     a SQL expression; one that is only tested yields a boolean;
//   - a chain of .. associates to the left when the hook finds SQL in it;
//   - a table constructor remembers named fields whose value was nil (Fields);
//   - an integer literal above 2^53 stays exact;
//   - for x in anything do asks a hook for an iterator;
//   - a local at the top level of a prompt line survives to the next line.
//
// What is certainly a plain Lua value (a loop counter, a literal, arithmetic
// of these) is left to the virtual machine, so ordinary loops keep their speed.
//
// Hooks do not stand in globals: the rewriter plants marker strings, and after
// compilation the constants of the function prototypes are exchanged for the
// real values. A script may assign to any global, or change a function's
// environment, without breaking an operator.
package script
