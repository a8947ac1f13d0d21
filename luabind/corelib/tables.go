package corelib

// The class tables that libraries above add methods to: create_all() needs a
// connection, which this package knows nothing of.
var (
	MetaData   = metadataClass
	Table      = tableClass
	Index      = indexClass
	Sequence   = sequenceClass
	Select     = selectClass
	DDLElement = ddlClass
)
