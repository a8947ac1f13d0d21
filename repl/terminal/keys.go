package terminal

import (
	"bytes"
	"unicode/utf8"

	"alchemysh/repl/edit"
)

// Keys travel through readline as private-use runes of plane 16.
const (
	keyBase  rune = 0x10F000
	pasteKey rune = 0x10FF00 // the next paste is ready
	sizeKey  rune = 0x10FF01 // the screen changed its size
	cellRune rune = 0xF0000  // one cell of the screen
)

// sequences are what terminals send for the keys that are no character.
var sequences = map[string]edit.Key{
	"[A": edit.Up, "[B": edit.Down, "[C": edit.Right, "[D": edit.Left, "OA": edit.Up, "OB": edit.Down, "OC": edit.Right, "OD": edit.Left,
	"[H": edit.Home, "[F": edit.End, "OH": edit.Home, "OF": edit.End,
	"[1~": edit.Home, "[4~": edit.End, "[7~": edit.Home, "[8~": edit.End,
	"[3~": edit.Delete, "[5~": edit.PageUp, "[6~": edit.PageDown, "[Z": edit.BackTab,
	"[1;5C": edit.WordRight, "[1;5D": edit.WordLeft, "[1;3C": edit.WordRight, "[1;3D": edit.WordLeft,
	"[5C": edit.WordRight, "[5D": edit.WordLeft, "Oc": edit.WordRight, "Od": edit.WordLeft,
	"[1;5A": edit.PreviousEntry, "[1;5B": edit.NextEntry, "[1;3A": edit.PreviousEntry, "[1;3B": edit.NextEntry,
	"[1;5H": edit.TextStart, "[1;5F": edit.TextEnd, "[3;5~": edit.KillWord, "[3;3~": edit.KillWord,
	"[13;2u": edit.NewLine, "[13;3u": edit.NewLine, "[27;2;13~": edit.NewLine,
	"\r": edit.NewLine, "\n": edit.NewLine, "b": edit.WordLeft, "f": edit.WordRight, "d": edit.KillWord,
	"\x7f": edit.KillWordBack, "\x08": edit.KillWordBack, "y": edit.YankPop, "t": edit.TransposeWords,
	"u": edit.UpperWord, "l": edit.LowerWord, "c": edit.CapitalWord, "<": edit.TextStart, ">": edit.TextEnd,
	"#": edit.Comment, "_": edit.Redo, "/": edit.Redo, "p": edit.PreviousEntry, "n": edit.NextEntry,
}

// controls are the keys of the control characters.
var controls = map[byte]edit.Key{
	1: edit.Home, 2: edit.Left, 3: edit.Interrupt, 4: edit.EndOfFile, 5: edit.End, 6: edit.Right, 7: edit.Cancel,
	8: edit.Backspace, 9: edit.Tab, 10: edit.Enter, 11: edit.KillLine, 12: edit.ClearScreen, 13: edit.Enter,
	14: edit.NextEntry, 16: edit.PreviousEntry, 17: edit.QuotedInsert, 18: edit.SearchBack, 19: edit.SearchForward,
	20: edit.Transpose, 21: edit.KillLineBack, 22: edit.QuotedInsert, 23: edit.KillBlankBack, 25: edit.Yank,
	26: edit.Suspend, 31: edit.Undo, 127: edit.Backspace,
}

const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	// maxPaste bounds what one paste may hold.
	maxPaste = 64 << 20
)

// decode takes one key off the front of raw. n is 0 when more bytes are
// needed; whole says that none will come soon, so that a lone ESC is the key;
// searched is how much of raw held no end of a paste before.
func decode(raw []byte, whole bool, searched int) (key edit.Key, paste []byte, n int) {
	if raw[0] != 0x1b {
		if k, ok := controls[raw[0]]; ok {
			return k, nil, 1
		}
		if raw[0] < 0x20 { // no binding
			return edit.None, nil, 1
		}
		if !utf8.FullRune(raw) && !whole {
			return 0, nil, 0
		}
		r, size := utf8.DecodeRune(raw)
		if r >= keyBase { // nobody types our private runes
			r = utf8.RuneError
		}
		return edit.Key(r), nil, size
	}
	if bytes.HasPrefix(raw, []byte(pasteStart)) {
		from := max(len(pasteStart), searched-len(pasteEnd))
		if i := bytes.Index(raw[min(from, len(raw)):], []byte(pasteEnd)); i >= 0 {
			i += from
			return edit.None, raw[len(pasteStart):i], i + len(pasteEnd)
		}
		if len(raw) > maxPaste {
			return edit.None, raw[len(pasteStart):], len(raw)
		}
		return 0, nil, 0
	}
	if len(raw) == 1 {
		if whole {
			return edit.Escape, nil, 1
		}
		return 0, nil, 0
	}
	n = sequenceLength(raw[1:])
	if n == 0 {
		if whole {
			return edit.Escape, nil, 1
		}
		return 0, nil, 0
	}
	if k, ok := sequences[string(raw[1:1+n])]; ok {
		return k, nil, 1 + n
	}
	if raw[1] == 0x1b { // ESC ESC
		return edit.Escape, nil, 1
	}
	return edit.None, nil, 1 + n
}

// sequenceLength is the length of the escape sequence after ESC, 0 when it is
// not whole.
func sequenceLength(b []byte) int {
	switch b[0] {
	case '[':
		for i := 1; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e {
				return i + 1
			}
			if b[i] < 0x20 || b[i] > 0x7e {
				return i
			}
		}
		return 0
	case 'O':
		if len(b) < 2 {
			return 0
		}
		return 2
	}
	if !utf8.FullRune(b) {
		return 0
	}
	_, size := utf8.DecodeRune(b)
	return size
}
