package postgresql

import (
	"github.com/lib/pq"

	"alchemysh/core/engine"
)

// Notices calls tell with what the server says beside its answers: NOTICE,
// WARNING, RAISE NOTICE.
func (*Dialect) Notices(c *engine.DriverConn, tell func(severity, message string)) {
	if c.Raw == nil {
		return
	}
	pq.SetNoticeHandler(c.Raw, func(e *pq.Error) { tell(e.Severity, e.Message) })
}
