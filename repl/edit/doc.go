// Package edit is the model of a line editor for entries of many lines: keys
// go in; the text, the cursor and rows ready for a terminal come out. It does
// no input or output of its own, so that every key can be tested.
//
//	m := edit.New(edit.Config{Whole: func(text string) bool { return strings.HasSuffix(text, ";") }})
//	m.Resize(80, 24)
//	m.Start("db=> ")
//	for _, r := range "select 1;" {
//		m.Press(edit.Key(r))
//	}
//	m.Press(edit.Enter) // edit.Submit
//	m.Text()            // "select 1;"
//
// Positions in the text are byte offsets that always stand between grapheme
// clusters; widths are counted in terminal cells.
package edit
