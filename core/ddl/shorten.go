package ddl

import (
	"crypto/md5"
	"encoding/hex"
)

// shorten cuts a name that a naming convention made to what the database takes,
// and marks it with the end of its hash, as SQLAlchemy does: the names must
// come out the same, or migrations would not find them.
func shorten(name string, limit int) string {
	sum := md5.Sum([]byte(name))
	h := hex.EncodeToString(sum[:])
	keep := max(limit-8, 0)
	runes := []rune(name)
	return string(runes[:min(keep, len(runes))]) + "_" + h[len(h)-4:]
}
