package edit

// Key is what a person pressed: a rune that is text, or one of the named keys,
// which lie above Unicode.
type Key rune

// The named keys.
const (
	None Key = 0x200000 + iota
	Enter
	NewLine // Alt-Enter: a newline whatever the text
	Tab
	BackTab
	Escape
	Backspace
	Delete
	Left
	Right
	Up
	Down
	Home
	End
	PageUp
	PageDown
	WordLeft
	WordRight
	TextStart // Alt-<
	TextEnd   // Alt->
	PreviousEntry
	NextEntry
	KillLine       // Ctrl-K
	KillLineBack   // Ctrl-U
	KillWord       // Alt-D
	KillWordBack   // Alt-Backspace
	KillBlankBack  // Ctrl-W: back to white space
	Yank           // Ctrl-Y
	YankPop        // Alt-Y
	Transpose      // Ctrl-T
	TransposeWords // Alt-T
	UpperWord
	LowerWord
	CapitalWord
	Undo
	Redo
	SearchBack    // Ctrl-R
	SearchForward // Ctrl-S
	Cancel        // Ctrl-G
	Interrupt     // Ctrl-C
	EndOfFile     // Ctrl-D: delete, or leave when the text is empty
	ClearScreen   // Ctrl-L
	QuotedInsert  // Ctrl-Q: the next key is text
	Suspend       // Ctrl-Z
	Comment       // Alt-#: comment the entry out and submit it
	lastKey
)

// Outcome is what a key asks of the terminal.
type Outcome uint8

// The outcomes of a key.
const (
	Redraw    Outcome = iota
	Submit            // the entry is whole
	Leave             // Ctrl-D on an empty entry
	Clear             // the entry was interrupted
	Wipe              // clear the screen
	Bell              // nothing could be done
	Suspended         // stop the process
)
