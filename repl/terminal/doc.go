// Package terminal puts the editor's model on a terminal.
//
// chzyer/readline reads keys, keeps raw mode and repaints; what it knows of
// widths, lines, completion, search and history is not used, because it is
// wrong for text that is not one line of narrow characters. Instead it is
// given one identical private-use rune per screen cell, so that all its
// arithmetic is right, and a Painter puts the model's rendering in their
// place. Keys are decoded here (its decoder takes Delete on an empty line for
// the end of the input, and cannot tell Up from Ctrl-P), pass through its
// filter as private-use runes and never reach its own bindings.
package terminal
