package bind

import "alchemysh/core/exc"

// Suggest words the nearest names as the end of a message, "" without any.
func Suggest(name string, known []string) string { return exc.Suggest(name, known) }
