package input

// Syntax says how a database spells what a scanner must step over.
type Syntax struct {
	DollarQuotes   bool // $tag$ … $tag$
	NestedComments bool // /* /* */ */
	HashComments   bool // # to the end of the line
	Backslashes    bool // 'it\'s'
	EStrings       bool // E'it\'s'
	Brackets       bool // [name]
	Backticks      bool // `name`
}

// SyntaxOf gives the lexical rules of a dialect by its SQLAlchemy name.
func SyntaxOf(dialect string) Syntax {
	switch dialect {
	case "postgresql":
		return Syntax{DollarQuotes: true, NestedComments: true, EStrings: true}
	case "mysql", "mariadb":
		return Syntax{HashComments: true, Backslashes: true, Backticks: true}
	default:
		return Syntax{Brackets: true, Backticks: true}
	}
}

// Verbs are the words with which a SQL statement begins on one of the
// databases. The value says whether "(" may follow the word in SQL; where it
// may not, the word is a call in Lua.
var Verbs = map[string]bool{
	"select": true, "insert": false, "update": false, "delete": false,
	"with": false, "values": true, "table": false, "merge": false, "replace": false,
	"create": false, "drop": false, "alter": false, "truncate": false, "rename": false,
	"begin": false, "start": false, "commit": false, "rollback": false, "abort": false,
	"savepoint": false, "release": false,
	"explain": true, "describe": false, "desc": false, "analyze": false, "vacuum": true, "pragma": false,
	"show": false, "set": false, "reset": false, "use": false, "grant": false, "revoke": false,
	"call": false, "execute": false, "prepare": false, "deallocate": false,
	"attach": false, "detach": false, "reindex": true, "cluster": false, "refresh": false,
	"lock": false, "unlock": false, "listen": false, "notify": false, "unlisten": false,
	"comment": false, "copy": true, "declare": false, "fetch": false, "discard": false,
	"optimize": false, "kill": false, "flush": false, "load": false, "checkpoint": false,
	"security": false, "handler": false, "signal": false, "do": false,
}

// begins are the verbs that people leave alone on the first line of a
// statement.
var begins = map[string]bool{
	"select": true, "insert": true, "update": true, "delete": true, "with": true, "values": true, "create": true,
	"alter": true, "drop": true, "explain": true, "merge": true, "grant": true, "revoke": true,
}

// bare are the verbs that are a statement all by themselves.
var bare = map[string]bool{
	"begin": true, "commit": true, "rollback": true, "abort": true, "vacuum": true, "analyze": true,
	"checkpoint": true,
}
