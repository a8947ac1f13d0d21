// Package exc is the error vocabulary: SQLAlchemy's exception hierarchy as
// values.
//
// Every layer reports failure with an *Error. Its Class says what kind of
// failure it is and, through Class.Base, what it also counts as:
//
//	err := exc.New(exc.ArgumentError, "Expected a column, got %s", what)
//	errors.Is(err, exc.ArgumentError) // true
//	errors.Is(err, exc.SQLAlchemyError) // true: ArgumentError's base
//
// Errors of the database carry the statement and the parameters with which
// they happened, and the driver's error as their cause.
package exc
