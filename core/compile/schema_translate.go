package compile

import "alchemysh/core/types"

// TranslateMap reads a schema_translate_map; the name "" is that of tables
// without a schema. A schema that becomes none is the database's default one.
func TranslateMap(v any, d Dialect) map[string]string {
	out := map[string]string{}
	put := func(from string, to any) {
		schema, _ := to.(string)
		if schema == "" {
			schema = d.Features().DefaultSchema
		}
		out[from] = schema
	}
	switch v := v.(type) {
	case map[string]string:
		for from, to := range v {
			put(from, to)
		}
	case map[string]any:
		for from, to := range v {
			put(from, to)
		}
	case types.Object:
		for from, to := range v.All() {
			put(from, to)
		}
	default:
		return nil
	}
	return out
}
