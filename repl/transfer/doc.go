// Package transfer reads rows from files: csv, tsv, json and jsonl, one at a
// time, with the line each came from, and infers the types of their columns.
//
//	r, err := transfer.NewReader(file, transfer.Options{Format: "csv", Header: true})
//	for {
//		row, line, err := r.Next(r.Columns())
//	}
//
// Writing is render's business; what render writes this package reads back.
package transfer
