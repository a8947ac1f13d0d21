package engine

import (
	"context"
	"fmt"
	"sync/atomic"
)

// Rows that a streaming result fetches at a time: the number grows, as
// SQLAlchemy's BufferedRowCursorFetchStrategy has it.
const (
	firstStreamed = 5
	mostStreamed  = 1000
)

var streamNumber atomic.Uint64

// stream makes a result that fetches rows as they are asked for.
func (c *Connection) stream(ctx context.Context, x *Execution, cx *CursorExecution, conn *DriverConn, wire string, args []any, size int) (*Result, error) {
	s := &streamSource{c: c, ctx: ctx, x: x, cx: cx, conn: conn, size: size}
	if sql := c.Engine.Dialect.Stream(); sql != nil && !conn.Autocommit {
		s.name = fmt.Sprintf("alchemysh_%d", streamNumber.Add(1))
		s.sql = sql
		if _, err := conn.Exec(ctx, fmt.Sprintf(sql.Declare, s.name)+wire, args); err != nil {
			return nil, err
		}
		if err := s.fill(); err != nil {
			return nil, err
		}
	} else {
		cur, err := conn.Query(ctx, wire, args)
		if err != nil {
			return nil, err
		}
		s.cur, s.plan = cur, x.plan(cur)
	}
	r := newResult(x.describes(s.plan.meta), s, x)
	r.state.yieldPer = size
	x.logRows(r)
	return r, nil
}

// streamSource reads the rows of an open cursor, the driver's or the server's.
type streamSource struct {
	c    *Connection
	ctx  context.Context
	x    *Execution
	cx   *CursorExecution
	conn *DriverConn
	cur  *Cursor
	plan *resultPlan

	sql  *StreamSQL // of a server-side cursor
	name string
	size int // rows to fetch at a time; 0: growing
	last int
	rows *buffer
	done bool
}

func (s *streamSource) next() ([]any, error) {
	if s.sql == nil {
		row, err := s.cur.Next()
		if err != nil {
			return nil, s.c.failed(s.ctx, err, s.cx)
		}
		if row == nil {
			return nil, nil
		}
		out := make([]any, len(row))
		return out, s.plan.read(row, out)
	}
	for {
		if row, _ := s.rows.next(); row != nil || s.done {
			return row, nil
		}
		if err := s.fill(); err != nil {
			return nil, s.c.failed(s.ctx, err, s.cx)
		}
	}
}

// fill fetches the next rows of a server-side cursor.
func (s *streamSource) fill() error {
	n := s.size
	if n <= 0 {
		n = min(max(firstStreamed, 2*s.last), mostStreamed)
	}
	s.last = n
	cur, err := s.conn.query(s.ctx, fmt.Sprintf(s.sql.Fetch, n, s.name), nil)
	if err != nil {
		return err
	}
	defer cur.Close()
	if s.plan == nil {
		s.plan = s.x.plan(cur)
	}
	s.rows = newBuffer(len(s.plan.convert))
	for {
		row, err := cur.Next()
		if err != nil {
			return err
		}
		if row == nil {
			break
		}
		if err := s.plan.read(row, s.rows.room()); err != nil {
			return err
		}
	}
	s.done = s.rows.rows < n
	return nil
}

func (s *streamSource) close() error {
	if s.sql == nil {
		return s.cur.Close()
	}
	if s.conn.InTransaction && !s.conn.Aborted && !s.conn.Closed() {
		return s.conn.Run(context.WithoutCancel(s.ctx), fmt.Sprintf(s.sql.Close, s.name))
	}
	return nil
}
