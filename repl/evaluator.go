package repl

import (
	"context"

	"alchemysh/repl/input"
)

// Evaluator is the language behind the prompt. The shell knows values only as
// any: it shows those that are rows as rows and asks for the text of the rest.
type Evaluator interface {
	// Parse says whether text is a whole chunk, without running it.
	Parse(text string) input.Status
	// Eval runs a chunk and gives the values it returns.
	Eval(ctx context.Context, c Chunk) ([]any, error)
	// Complete proposes how to go on at byte pos of text. It never runs code.
	Complete(text string, pos int) []Candidate
	// Repr is the shown form of a value.
	Repr(v any) string
	// Get reads a global variable; Set assigns one. A *render.Slice that is
	// set becomes a list of rows.
	Get(name string) (any, bool)
	Set(name string, v any)
	// Help explains a name or an expression; ok is false when there is nothing to say.
	Help(topic string) (text string, ok bool)
}

// Chunk is a piece of the language to run.
type Chunk struct {
	Name string // of the file, for error messages: "script.lua", "-c", "prompt"
	Text string
	Expr bool     // Text is an expression
	Args []string // of a script: arg[1] …
	// Script says that the chunk is a whole file: its locals are its own.
	Script bool
}

// Candidate is one proposal of completion: Text replaces the bytes from Start
// to the cursor.
type Candidate struct {
	Text  string
	Start int
	Usage string // shown beside the candidate: its signature or what it is
}

// SessionReporter is what an Evaluator may add: the unit of work to look at.
type SessionReporter interface {
	// SessionCounts says how many objects the global session has to flush; ok
	// is false without a session. The prompt asks it: it must not run SQL.
	SessionCounts() (added, changed, deleted int, ok bool)
	// SessionState describes the global session.
	SessionState() (SessionState, bool)
}

// SessionState is what \session shows.
type SessionState struct {
	New, Dirty, Deleted []string // the objects' shown forms
	Identities          []string
	Sent                []string // the SQL that a flush would send
	Failure             error    // of that flush
}

// ModelReporter is what an Evaluator may add: the mapped classes, one line
// each.
type ModelReporter interface {
	Models() []string
}
