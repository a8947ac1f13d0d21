package sqlite

import (
	"database/sql/driver"
	"reflect"
	"strings"
	"unsafe"
)

// KeepText makes rows of modernc.org/sqlite give the text in columns declared
// DATE, DATETIME or TIMESTAMP as it is stored. The driver would parse it into a
// time.Time, in which '2024-01-02 00:00:00' and '2024-01-02 00:00:00.000000'
// are the same, and it has no option against that; it decides by the declared
// types it keeps in upper case, so they are put in lower case. Rows of another
// driver, or of another version that keeps them elsewhere, are left alone:
// Natural then does what can be done.
func KeepText(rows driver.Rows) {
	v := reflect.ValueOf(rows)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return
	}
	declared := v.Elem().FieldByName("decltypes")
	if !declared.IsValid() || declared.Type() != reflect.TypeFor[[]string]() {
		return
	}
	for i := range declared.Len() {
		name := (*string)(unsafe.Pointer(declared.Index(i).UnsafeAddr()))
		switch *name {
		case "DATE", "DATETIME", "TIMESTAMP":
			*name = strings.ToLower(*name)
		}
	}
}
