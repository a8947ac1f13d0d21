// Package render shows rows: as tables for a person, as data for a program.
//
// A format is chosen by name and fed one row at a time:
//
//	err := render.Write(os.Stdout, rows, "csv", render.Options{})
//
// The screen formats (table, box, expanded, markdown) hold the rows back until
// their widths are known, count widths in terminal cells and make control
// characters visible: nothing a database holds reaches the terminal raw. The
// data formats (csv, tsv, json, jsonl, insert, lua) stream in constant memory
// and never cut or alter a value.
package render
