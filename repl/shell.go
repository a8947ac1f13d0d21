package repl

import (
	"context"
	"io"
	"time"

	"alchemysh/repl/input"
)

// Config says what a Shell works with.
type Config struct {
	Lua Evaluator
	DB  Database // nil: not connected
	// Connect opens the database that \c names: a URL, a file or the name of
	// a connection.
	Connect func(ctx context.Context, target string) (Database, error)
	// OpenOther opens what \copy names, when that is a database: a URL, a file
	// that is one, a connection's name.
	OpenOther func(ctx context.Context, target string) (db Database, ok bool, err error)
	// Follow gives the connection that SQL is to run on now: the one given, or
	// another, because Lua's conn or engine has become another. Without one yet
	// it is called with nil.
	Follow func(ctx context.Context, now Database) (Database, error)

	Out, Err io.Writer
	Settings *Settings
	// Terminal says that a person sits in front of Out: pager, colour and
	// questions are allowed.
	Terminal bool
	// Watched says that a person sees Err, and Unseen that nobody sees Out: long
	// work shows a bar, and long scripts do where their results are not in its way.
	Watched, Unseen bool
	Color           bool
	Width           func() int // of the screen, in cells
	Height          func() int
	// Subcommand runs a word of the command line, tutorial or demo, from \tutorial.
	Subcommand func(ctx context.Context, name string, args []string) error
	// Walk runs a walkthrough, a script whose name ends in .md.
	Walk func(ctx context.Context, name, text string) error
	// Secret asks the person for something that is not to be seen.
	Secret func(question string) (string, error)
	// Edit opens the person's editor on a text.
	Edit     func(text, suffix string) (string, error)
	ReadOnly bool
	Sandbox  bool // nothing stays: the prompt says so, and leaving does not ask
	// Quiet leaves out command tags and other remarks.
	Quiet   bool
	Safe    bool
	Timeout time.Duration
	History History
}

// History is where entries are kept.
type History interface {
	Add(text string) error
	Entries() []string
}

// Shell reads items, runs them and shows what they give. It has one Lua state
// and one connection.
type Shell struct {
	Config

	reader    input.Reader
	query     io.Writer // where results go: Out, or \o's file
	closer    io.Closer // of query
	last      string    // the last SQL, for \g and \e
	held      string    // a statement that goes on at the next prompt
	lastErr   error
	failed    bool   // the last statement
	rowCount  int64  // of the last statement: rows shown or changed
	source    string // the file that runs, "" at the prompt
	once      *once  // \once: the destination of the next result only
	depth     int    // of \i
	catalog   *catalogCache
	busy      chan struct{} // closed when an abandoned chunk ends
	recording *recording
	lessons   lessons
	typed     string // the entry that runs, without its semicolon

	branches      []branch // of \if, the innermost last
	branchesBelow int      // those that were open when the file that runs began
}

// once is a destination for one result.
type once struct {
	w      io.Writer
	close  func() error
	format string
}

// New makes a shell.
func New(c Config) *Shell {
	s := &Shell{Config: c}
	if s.Settings == nil {
		s.Settings = NewSettings()
	}
	if s.Width == nil {
		s.Width = func() int { return 0 }
	}
	if s.Height == nil {
		s.Height = func() int { return 0 }
	}
	s.query = s.Out
	s.reader = input.Reader{
		Parse:    c.Lua.Parse,
		Variable: func(name string) bool { _, ok := s.Lua.Get(name); return ok },
		Dotted:   func(name string) bool { return commandTable["."+name] != nil },
	}
	s.connected()
	return s
}

// connected adjusts the shell to its database.
func (s *Shell) connected() {
	s.reader.Syntax = input.SyntaxOf("")
	if s.DB != nil {
		s.reader.Syntax = input.SyntaxOf(s.DB.Dialect())
	}
	s.catalog = newCatalogCache(s)
}
