package orm

import "alchemysh/core"

// PlainLegacy is a Query's select as it is executed, joined loading included.
func PlainLegacy(s *core.Select) (plain core.Statement, err error) {
	defer catch(&err)
	if f := fromStatementOf(s); f != nil {
		if st, ok := f.stmt.(core.Statement); ok {
			return plainStatement(st), nil
		}
	}
	t := &translator{loadSettings: loadSettings{legacy: true}, src: s}
	return t.run().stmt, nil
}
