// Package types describes column types and the values that go through them.
package types
