package exc

// Class is one exception class. It is itself an error, so that it can be the
// target of errors.Is.
type Class struct {
	Name string
	Base *Class // nil for the two roots
	// Also are further bases, of classes that a script made.
	Also []*Class
}

// Error makes a Class usable as the target of errors.Is.
func (c *Class) Error() string { return c.Name }

// Derives reports whether c is base or has it among its bases.
func (c *Class) Derives(base *Class) bool {
	for ; c != nil; c = c.Base {
		if c == base {
			return true
		}
		for _, also := range c.Also {
			if also.Derives(base) {
				return true
			}
		}
	}
	return false
}

// codes are the keys of SQLAlchemy's pages on errors, of the classes that have one.
var codes = map[*Class]string{
	UnsupportedCompilation: "l7de", MissingGreenlet: "xd2s", DetachedInstanceError: "bhk3",
	DBAPIError: "dbapi", InterfaceError: "rvf5", DatabaseError: "4xp6", DataError: "9h9h", OperationalError: "e3q8",
	IntegrityError: "gkpj", InternalError: "2j85", ProgrammingError: "f405", NotSupportedError: "tw8g",
}

// Code is the key of SQLAlchemy's page on errors of the class, "" without one.
func (c *Class) Code() string {
	for ; c != nil; c = c.Base {
		if code := codes[c]; code != "" {
			return code
		}
	}
	return ""
}

// Classes lists every class by name; scripts find them as globals.
var Classes = map[string]*Class{}

func class(name string, base *Class) *Class {
	c := &Class{Name: name, Base: base}
	Classes[name] = c
	return c
}

// Python's own exceptions, as far as SQLAlchemy raises them.
var (
	Exception           = class("Exception", nil)
	AttributeError      = class("AttributeError", Exception)
	TypeError           = class("TypeError", Exception)
	LookupError         = class("LookupError", Exception)
	KeyError            = class("KeyError", LookupError)
	IndexError          = class("IndexError", LookupError)
	ValueError          = class("ValueError", Exception)
	RuntimeError        = class("RuntimeError", Exception)
	NotImplementedError = class("NotImplementedError", RuntimeError)
	AssertionError      = class("AssertionError", Exception)
)

// SQLAlchemy's hierarchy.
var (
	SQLAlchemyError = class("SQLAlchemyError", Exception)

	ArgumentError             = class("ArgumentError", SQLAlchemyError)
	DuplicateColumnError      = class("DuplicateColumnError", ArgumentError)
	ObjectNotExecutableError  = class("ObjectNotExecutableError", ArgumentError)
	NoSuchModuleError         = class("NoSuchModuleError", ArgumentError)
	NoForeignKeysError        = class("NoForeignKeysError", ArgumentError)
	AmbiguousForeignKeysError = class("AmbiguousForeignKeysError", ArgumentError)
	ConstraintColumnNotFound  = class("ConstraintColumnNotFoundError", ArgumentError)
	CircularDependencyError   = class("CircularDependencyError", SQLAlchemyError)
	CompileError              = class("CompileError", SQLAlchemyError)
	UnsupportedCompilation    = class("UnsupportedCompilationError", CompileError)
	IdentifierError           = class("IdentifierError", SQLAlchemyError)
	DisconnectionError        = class("DisconnectionError", SQLAlchemyError)
	InvalidatePoolError       = class("InvalidatePoolError", DisconnectionError)
	TimeoutError              = class("TimeoutError", SQLAlchemyError)
	InvalidRequestError       = class("InvalidRequestError", SQLAlchemyError)
	IllegalStateChangeError   = class("IllegalStateChangeError", InvalidRequestError)
	NoInspectionAvailable     = class("NoInspectionAvailable", InvalidRequestError)
	PendingRollbackError      = class("PendingRollbackError", InvalidRequestError)
	ResourceClosedError       = class("ResourceClosedError", InvalidRequestError)
	NoSuchColumnError         = class("NoSuchColumnError", InvalidRequestError)
	NoResultFound             = class("NoResultFound", InvalidRequestError)
	MultipleResultsFound      = class("MultipleResultsFound", InvalidRequestError)
	NoReferenceError          = class("NoReferenceError", InvalidRequestError)
	NoReferencedTableError    = class("NoReferencedTableError", NoReferenceError)
	NoReferencedColumnError   = class("NoReferencedColumnError", NoReferenceError)
	NoSuchTableError          = class("NoSuchTableError", InvalidRequestError)
	UnreflectableTableError   = class("UnreflectableTableError", InvalidRequestError)
	UnboundExecutionError     = class("UnboundExecutionError", InvalidRequestError)
	MissingGreenlet           = class("MissingGreenlet", InvalidRequestError)
	CommitUnknownError        = class("CommitUnknownError", SQLAlchemyError)

	StatementError    = class("StatementError", SQLAlchemyError)
	DBAPIError        = class("DBAPIError", StatementError)
	InterfaceError    = class("InterfaceError", DBAPIError)
	DatabaseError     = class("DatabaseError", DBAPIError)
	DataError         = class("DataError", DatabaseError)
	OperationalError  = class("OperationalError", DatabaseError)
	IntegrityError    = class("IntegrityError", DatabaseError)
	InternalError     = class("InternalError", DatabaseError)
	ProgrammingError  = class("ProgrammingError", DatabaseError)
	NotSupportedError = class("NotSupportedError", DatabaseError)

	SADeprecationWarning = class("SADeprecationWarning", nil)
	SAWarning            = class("SAWarning", nil)
)

// The ORM's part of the hierarchy.
var (
	StaleDataError          = class("StaleDataError", SQLAlchemyError)
	ConcurrentModification  = class("ConcurrentModificationError", StaleDataError)
	FlushError              = class("FlushError", SQLAlchemyError)
	MappedAnnotationError   = class("MappedAnnotationError", ArgumentError)
	UnmappedError           = class("UnmappedError", InvalidRequestError)
	UnmappedInstanceError   = class("UnmappedInstanceError", UnmappedError)
	UnmappedClassError      = class("UnmappedClassError", UnmappedError)
	UnmappedColumnError     = class("UnmappedColumnError", InvalidRequestError)
	ObjectDereferencedError = class("ObjectDereferencedError", SQLAlchemyError)
	DetachedInstanceError   = class("DetachedInstanceError", SQLAlchemyError)
	ObjectDeletedError      = class("ObjectDeletedError", InvalidRequestError)
	LoaderStrategyException = class("LoaderStrategyException", InvalidRequestError)
)
