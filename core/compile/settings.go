package compile

import (
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Settings change what a dialect takes for granted. Zero values leave it as it
// is.
type Settings struct {
	// LabelLength is the longest label that is made up, MaxIdentifier the
	// longest identifier of any kind, in bytes.
	LabelLength, MaxIdentifier int
	// ParamStyle is how parameters are shown: "named", "qmark", "format" or
	// "pyformat". What the driver is sent stays as it is.
	ParamStyle string
	// WriteJSON and ReadJSON take the place of our own JSON.
	WriteJSON func(v any) (string, error)
	ReadJSON  func(text string) (any, error)
}

// styles are the styles of PEP 249 that are known.
var styles = map[string]ParamStyle{"named": Named, "qmark": QMark, "format": Format, "pyformat": PyFormat}

// Configure changes the features as settings say.
func (f *Features) Configure(s Settings) error {
	if s.MaxIdentifier > 0 {
		f.MaxIdentifier = s.MaxIdentifier
	}
	if s.LabelLength > f.MaxIdentifier {
		return exc.New(exc.ArgumentError, "Label length of %d is greater than this dialect's maximum identifier length of %d", s.LabelLength, f.MaxIdentifier)
	}
	f.LabelLength = s.LabelLength
	if s.ParamStyle != "" {
		style, ok := styles[s.ParamStyle]
		if !ok {
			return exc.New(exc.NotImplementedError, "paramstyle '%s' is not built: named, qmark, format and pyformat are", s.ParamStyle)
		}
		f.Style = style
	}
	f.WriteJSON, f.ReadJSON = s.WriteJSON, s.ReadJSON
	return nil
}

// labelLength is the longest made-up name.
func (f *Features) labelLength() int {
	if f.LabelLength > 0 {
		return f.LabelLength
	}
	return f.MaxIdentifier
}

// ImplOf plans the conversions of a type's values as the dialect does, with the
// JSON that it was given.
func ImplOf(d Dialect, t types.Type) types.Impl {
	impl := d.Impl(t)
	f := d.Features()
	if _, ok := t.(*types.JSON); !ok || f.WriteJSON == nil && f.ReadJSON == nil {
		return impl
	}
	if own := impl.Bind; f.WriteJSON != nil && own != nil {
		impl.Bind = func(v any) (any, error) {
			if plain, err := own(v); err != nil || plain == nil {
				return plain, err
			}
			return f.WriteJSON(v)
		}
	}
	if f.ReadJSON != nil {
		impl.Result = func(v any) (any, error) {
			switch v := v.(type) {
			case string:
				return f.ReadJSON(v)
			case []byte:
				return f.ReadJSON(string(v))
			}
			return v, nil
		}
	}
	return impl
}
