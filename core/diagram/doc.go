// Package diagram draws a MetaData: its tables, their columns and the foreign
// keys between them, as a Mermaid or Graphviz source or as plain text.
package diagram
