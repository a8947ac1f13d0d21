package mysql

import (
	"testing"

	"alchemysh/core/types"
)

func TestInline(t *testing.T) {
	d, minus := types.MustDecimal("1.10"), types.MustDecimal("-2E+1")
	for _, c := range []struct {
		sql    string
		values []any
		want   string
		kept   []any
	}{
		{"SELECT p * ? FROM t", []any{d}, "SELECT p * 1.10 FROM t", []any{}},
		{"SELECT p - ?, ? FROM t WHERE id = ?", []any{minus, "x", int64(1)}, "SELECT p - (-20), ? FROM t WHERE id = ?", []any{"x", int64(1)}},
		{"UPDATE t SET p=? WHERE t.p > ? AND t.id = ?", []any{d, d, int64(1)}, "", nil},
		{"UPDATE t SET p=(t.p * ?) WHERE t.id = ?", []any{d, int64(1)}, "UPDATE t SET p=(t.p * 1.10) WHERE t.id = ?", []any{int64(1)}},
		{"SELECT 1 FROM t WHERE p = ? + q", []any{d}, "SELECT 1 FROM t WHERE p = 1.10 + q", []any{}},
		{"SELECT 1 FROM t WHERE p > ? DIV q", []any{d}, "SELECT 1 FROM t WHERE p > 1.10 DIV q", []any{}},
		{"INSERT INTO t (p) VALUES (?)", []any{d}, "", nil},
		{"SELECT '?', `?`, \"\\\"?\", ? /* ? */ -- ?\n, round(?)", []any{"a", d}, "SELECT '?', `?`, \"\\\"?\", ? /* ? */ -- ?\n, round(1.10)", []any{"a"}},
		{"SELECT p * ? FROM t", []any{1.5}, "", nil},
		{"SELECT ? * ?", []any{d}, "", nil},
	} {
		want, kept := c.want, c.kept
		if want == "" {
			want, kept = c.sql, c.values
		}
		if sql, values := Inline(c.sql, c.values); sql != want || !types.Equal(values, kept) {
			t.Errorf("%s %v: %s %v", c.sql, c.values, sql, values)
		}
	}
}
