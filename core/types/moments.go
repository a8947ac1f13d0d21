package types

// DateType is SQLAlchemy's Date: values are Dates. StorageFormat and Regexp
// are SQLite's.
type DateType struct {
	Class         *Class
	StorageFormat string `param:"storage_format"`
	Regexp        string `param:"regexp"`
	Variants      Variants
}

func (t *DateType) class() *Class      { return classOr(t.Class, "Date") }
func (t *DateType) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *DateType) Name() string { return t.class().Name }

// Affinity is DateAffinity.
func (t *DateType) Affinity() Affinity { return DateAffinity }

// Key tells apart types that differ in class or arguments.
func (t *DateType) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *DateType) String() string { return show(t) }

// TimeType is SQLAlchemy's Time: values are Times. Precision is PostgreSQL's,
// FSP MySQL's, the rest SQLite's.
type TimeType struct {
	Class                *Class
	Timezone             bool   `param:"timezone"`
	Precision            *int   `param:"precision"`
	FSP                  int    `param:"fsp"`
	StorageFormat        string `param:"storage_format"`
	Regexp               string `param:"regexp"`
	TruncateMicroseconds bool   `param:"truncate_microseconds"`
	Variants             Variants
}

func (t *TimeType) class() *Class      { return classOr(t.Class, "Time") }
func (t *TimeType) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *TimeType) Name() string { return t.class().Name }

// Affinity is TimeAffinity.
func (t *TimeType) Affinity() Affinity { return TimeAffinity }

// Key tells apart types that differ in class or arguments.
func (t *TimeType) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *TimeType) String() string { return show(t) }

// DateTimeType is SQLAlchemy's DateTime: values are DateTimes. Precision is
// PostgreSQL's, FSP MySQL's, the rest SQLite's.
type DateTimeType struct {
	Class                *Class
	Timezone             bool   `param:"timezone"`
	Precision            *int   `param:"precision"`
	FSP                  int    `param:"fsp"`
	StorageFormat        string `param:"storage_format"`
	Regexp               string `param:"regexp"`
	TruncateMicroseconds bool   `param:"truncate_microseconds"`
	Variants             Variants
}

func (t *DateTimeType) class() *Class      { return classOr(t.Class, "DateTime") }
func (t *DateTimeType) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *DateTimeType) Name() string { return t.class().Name }

// Affinity is DateTimeAffinity.
func (t *DateTimeType) Affinity() Affinity { return DateTimeAffinity }

// Key tells apart types that differ in class or arguments.
func (t *DateTimeType) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *DateTimeType) String() string { return show(t) }

// IntervalType is SQLAlchemy's Interval: values are Intervals, stored natively
// or as a DateTime counted from 1970. Fields and Precision are PostgreSQL's.
type IntervalType struct {
	Class           *Class
	NotNative       bool   `param:"native,not"`
	SecondPrecision *int   `param:"second_precision"`
	DayPrecision    *int   `param:"day_precision"`
	Precision       *int   `param:"precision"`
	Fields          string `param:"fields"`
	Variants        Variants
}

func (t *IntervalType) class() *Class      { return classOr(t.Class, "Interval") }
func (t *IntervalType) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *IntervalType) Name() string { return t.class().Name }

// Affinity is IntervalAffinity.
func (t *IntervalType) Affinity() Affinity { return IntervalAffinity }

// Key tells apart types that differ in class or arguments.
func (t *IntervalType) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *IntervalType) String() string { return show(t) }
