package types

// classOr is the class of a type written as a Go literal without one: the
// family's own.
func classOr(c *Class, family string) *Class {
	if c != nil {
		return c
	}
	for _, namespace := range []string{"", "postgresql", "mysql"} {
		if c := classes[namespace][family]; c != nil {
			return c
		}
	}
	return nil
}

// The generic classes that have no struct of their own, and the SQL-standard
// ones. Plain() gives each without arguments, New(args) with some.
var (
	SmallInteger = define("", "SmallInteger", &Integer{}, "")
	BigInteger   = define("", "BigInteger", &Integer{}, "")
	Text         = define("", "Text", &String{}, "length collation")
	Unicode      = define("", "Unicode", &String{}, "length collation")
	UnicodeText  = define("", "UnicodeText", &String{}, "length collation")
	Double       = define("", "Double", &Float{}, "precision asdecimal decimal_return_scale")
	MatchType    = define("", "MatchType", &Boolean{}, "create_constraint name")

	INTEGER         = define("", "INTEGER", &Integer{}, "")
	INT             = alias("INT", INTEGER)
	SMALLINT        = define("", "SMALLINT", &Integer{}, "")
	BIGINT          = define("", "BIGINT", &Integer{}, "")
	VARCHAR         = define("", "VARCHAR", &String{}, "length collation")
	CHAR            = define("", "CHAR", &String{}, "length collation")
	NVARCHAR        = define("", "NVARCHAR", &String{}, "length collation")
	NCHAR           = define("", "NCHAR", &String{}, "length collation")
	TEXT            = define("", "TEXT", &String{}, "length collation")
	CLOB            = define("", "CLOB", &String{}, "length collation")
	BLOB            = define("", "BLOB", &LargeBinary{}, "length")
	BINARY          = define("", "BINARY", &LargeBinary{}, "length")
	VARBINARY       = define("", "VARBINARY", &LargeBinary{}, "length")
	NUMERIC         = define("", "NUMERIC", &Numeric{}, "precision scale decimal_return_scale asdecimal")
	DECIMAL         = define("", "DECIMAL", &Numeric{}, "precision scale decimal_return_scale asdecimal")
	FLOAT           = define("", "FLOAT", &Float{}, "precision asdecimal decimal_return_scale")
	REAL            = define("", "REAL", &Float{}, "precision asdecimal decimal_return_scale")
	DOUBLE          = define("", "DOUBLE", &Float{}, "precision asdecimal decimal_return_scale")
	DOUBLEPRECISION = define("", "DOUBLE_PRECISION", &Float{}, "precision asdecimal decimal_return_scale")
	BOOLEAN         = define("", "BOOLEAN", &Boolean{}, "create_constraint name")
	DATE            = define("", "DATE", &DateType{}, "")
	TIME            = define("", "TIME", &TimeType{}, "timezone")
	DATETIME        = define("", "DATETIME", &DateTimeType{}, "timezone")
	TIMESTAMP       = define("", "TIMESTAMP", &DateTimeType{}, "timezone")
	UUID            = define("", "UUID", &Uuid{}, "as_uuid")
)

// The subscripts of JSON documents.
var (
	JSONStrIndex = define("", "JSONStrIndexType", &JSONIndex{}, "")
	JSONIntIndex = define("", "JSONIntIndexType", &JSONIndex{}, "")
	JSONPath     = define("", "JSONPathType", &JSONIndex{}, "")
)

func init() {
	define("", "Integer", &Integer{}, "")
	define("", "String", &String{}, "length collation")
	define("", "Boolean", &Boolean{}, "create_constraint name")
	define("", "Numeric", &Numeric{}, "precision scale decimal_return_scale asdecimal")
	define("", "Float", &Float{}, "precision asdecimal decimal_return_scale")
	define("", "Date", &DateType{}, "")
	define("", "Time", &TimeType{}, "timezone")
	define("", "DateTime", &DateTimeType{}, "timezone")
	define("", "Interval", &IntervalType{}, "native second_precision day_precision").repr("")
	define("", "LargeBinary", &LargeBinary{}, "length")
	define("", "PickleType", &PickleType{}, "")
	define("", "Enum", &Enum{}, "*enums name schema metadata inherit_schema native_enum create_constraint validate_strings length omit_aliases").
		repr("enums name schema inherit_schema native_enum create_constraint length")
	define("", "JSON", &JSON{}, "none_as_null")
	define("", "JSONIndexType", &JSONIndex{}, "")
	define("", "Uuid", &Uuid{}, "as_uuid native_uuid")
	define("", "ARRAY", &ARRAY{}, "item_type! as_tuple dimensions zero_indexes")
	define("", "NullType", &NullType{}, "")
	define("", "TupleType", &TupleType{}, "*types")
	define("", "TableValueType", &TableValueType{}, "*elements")

	for _, name := range []string{"INET", "CIDR", "MACADDR", "MACADDR8", "MONEY", "OID", "REGCLASS", "REGCONFIG", "TSVECTOR", "TSQUERY"} {
		define("postgresql", name, &Named{}, "")
	}
	for _, name := range []string{"INT4", "INT8", "NUM", "DATE", "TS", "TSTZ"} {
		define("postgresql", name+"RANGE", &RangeType{}, "")
		define("postgresql", name+"MULTIRANGE", &MultirangeType{}, "")
	}
	define("postgresql", "JSON", &JSON{AsText: Text.plain}, "none_as_null astext_type").defaulting("astext_type", nil)
	define("postgresql", "JSONB", &JSON{AsText: Text.plain}, "none_as_null astext_type").defaulting("astext_type", nil)
	define("postgresql", "JSONPATH", &JSONIndex{}, "")
	define("postgresql", "HSTORE", &Hstore{TextType: Text.plain}, "text_type").defaulting("text_type", nil)
	define("postgresql", "BIT", &Bit{Length: 1}, "length varying").defaulting("length", nil)
	define("postgresql", "BYTEA", &LargeBinary{}, "length")
	define("postgresql", "CITEXT", &String{}, "length collation")
	define("postgresql", "INTERVAL", &IntervalType{}, "precision fields")
	define("postgresql", "TIMESTAMP", &DateTimeType{}, "timezone precision")
	define("postgresql", "TIME", &TimeType{}, "timezone precision")
	define("postgresql", "ENUM", &Enum{}, "*enums name create_type schema metadata inherit_schema validate_strings").
		repr("enums name schema inherit_schema")
	define("postgresql", "DOMAIN", &Domain{}, "name! data_type! * collation default constraint_name not_null check create_type schema metadata").
		repr("name data_type collation default constraint_name not_null check")
	define("postgresql", "ARRAY", &ARRAY{}, "item_type! as_tuple dimensions zero_indexes")
	define("postgresql", "UUID", &Uuid{}, "as_uuid")

	for _, name := range []string{"TINYINT", "SMALLINT", "MEDIUMINT", "INTEGER", "BIGINT"} {
		define("mysql", name, &Integer{}, "display_width * unsigned zerofill")
	}
	for _, name := range []string{"NUMERIC", "DECIMAL"} {
		define("mysql", name, &Numeric{}, "precision scale asdecimal * unsigned zerofill decimal_return_scale").
			repr("unsigned zerofill precision scale decimal_return_scale asdecimal")
	}
	for _, name := range []string{"DOUBLE", "REAL", "FLOAT"} {
		define("mysql", name, &Float{AsDecimal: name != "FLOAT"}, "precision scale asdecimal * unsigned zerofill decimal_return_scale").
			defaulting("asdecimal", false)
	}
	for _, name := range []string{"VARCHAR", "CHAR", "NVARCHAR", "NCHAR", "TEXT"} {
		define("mysql", name, &String{National: name[0] == 'N'}, "length * charset collation ascii binary unicode national").
			repr("charset collation ascii binary unicode national length").defaulting("national", false)
	}
	for _, name := range []string{"TINYTEXT", "MEDIUMTEXT", "LONGTEXT"} {
		define("mysql", name, &String{}, "* charset collation ascii binary unicode national").
			repr("charset collation ascii binary unicode national")
	}
	for _, name := range []string{"TINYBLOB", "MEDIUMBLOB", "LONGBLOB"} {
		define("mysql", name, &LargeBinary{}, "")
	}
	define("mysql", "ENUM", &Enum{}, "*enums name charset collation ascii binary unicode national validate_strings length").
		repr("enums charset collation ascii binary unicode national")
	define("mysql", "SET", &Set{}, "*values retrieve_as_bitwise charset collation ascii binary unicode national").
		repr("values retrieve_as_bitwise charset collation ascii binary unicode national")
	define("mysql", "BIT", &Bit{}, "length")
	define("mysql", "YEAR", &Named{}, "display_width")
	define("mysql", "JSON", &JSON{}, "none_as_null")
	define("mysql", "DATETIME", &DateTimeType{}, "timezone fsp")
	define("mysql", "TIMESTAMP", &DateTimeType{}, "timezone fsp")
	define("mysql", "TIME", &TimeType{}, "timezone fsp")
	define("mysql", "BOOLEAN", &Boolean{}, "create_constraint name")

	define("sqlite", "DATE", &DateType{}, "* storage_format regexp").repr("")
	define("sqlite", "TIME", &TimeType{}, "* truncate_microseconds storage_format regexp timezone").repr("timezone")
	define("sqlite", "DATETIME", &DateTimeType{}, "* truncate_microseconds storage_format regexp timezone").repr("timezone")
	define("sqlite", "JSON", &JSON{}, "none_as_null")
}

// alias registers a second name of a class.
func alias(name string, c *Class) *Class {
	classes[c.Namespace][name] = c
	return c
}
