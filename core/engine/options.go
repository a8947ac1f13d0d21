package engine

import (
	"context"
	"io"
	"os"
	"time"

	"alchemysh/core"
)

// Echo says how much of an engine's work is shown.
type Echo uint8

// The settings of echo.
const (
	EchoOff   Echo = iota
	EchoOn         // statements and parameters
	EchoDebug      // columns and rows too
)

// Options are what create_engine takes.
type Options struct {
	Echo           Echo
	EchoPool       Echo
	EchoTo         io.Writer // nil: standard output
	HideParameters bool
	LoggingName    string
	PoolName       string

	// Legacy is future = false: a connection outside begin() commits each
	// change by itself.
	Legacy           bool
	IsolationLevel   string
	ExecutionOptions core.Options
	CacheSize        int // statements in the cache; 0: 500, negative: none

	Pool          PoolKind // PoolDefault: the dialect decides
	Existing      *Pool    // takes the place of a new pool
	PoolSize      int
	MaxOverflow   int
	PoolTimeout   time.Duration
	PoolRecycle   time.Duration // negative: never
	PoolPrePing   bool
	PoolLIFO      bool
	ResetOnReturn ResetMode

	ConnectArgs map[string]any
	// Creator opens a connection in place of the URL.
	Creator func(context.Context) (*DriverConn, error)
	// Scope is what the engine has in common with others; nil: nothing.
	Scope *Scope

	// InsertManyPageSize is the number of rows of a batched INSERT.
	InsertManyPageSize int
	// NoInsertMany: use_insertmanyvalues = false.
	NoInsertMany bool
	// SkipAutocommitRollback spares the ROLLBACK of AUTOCOMMIT connections.
	SkipAutocommitRollback bool
	// NoInitialize: the server is not asked about itself at the first connection.
	NoInitialize bool
	// StatementTimeout ends statements that run longer.
	StatementTimeout time.Duration
}

// DefaultOptions are create_engine's defaults.
func DefaultOptions() Options {
	return Options{PoolSize: 5, MaxOverflow: 10, PoolTimeout: 30 * time.Second, PoolRecycle: -1, CacheSize: 500, InsertManyPageSize: 1000}
}

// standardOutput is looked up at each line, so that tests and shells can
// replace os.Stdout.
type standardOutput struct{}

func (standardOutput) Write(p []byte) (int, error) { return os.Stdout.Write(p) }
