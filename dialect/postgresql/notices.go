package postgresql

import (
	"database/sql/driver"

	"github.com/lib/pq"

	"alchemysh/core/engine"
)

// Notices calls tell with what the server says beside its answers: NOTICE,
// WARNING, RAISE NOTICE.
func (*Dialect) Notices(c *engine.DriverConn, tell func(severity, message string)) {
	if c.Raw == nil {
		return
	}
	raw := c.Raw
	if w, ok := raw.(interface{ Unwrap() driver.Conn }); ok {
		raw = w.Unwrap()
	}
	pq.SetNoticeHandler(raw, func(e *pq.Error) { tell(e.Severity, e.Message) })
}
