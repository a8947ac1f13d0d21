package database

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// User is the user that the connection runs as; on MySQL name@host.
func (d *Database) User(ctx context.Context) (string, error) {
	if d.Dialect() == "sqlite" {
		return "", errNoUsers
	}
	v, err := d.scalar(ctx, map[bool]string{true: "SELECT current_user", false: "SELECT current_user()"}[d.Dialect() == "postgresql"])
	if err != nil {
		return "", err
	}
	return types.Str(v), nil
}

var errNoUsers = errors.New("SQLite has no users and no passwords")

// SetPassword changes the password of a user. PostgreSQL gets it hashed, as
// psql sends it, so that it stands in no log of the server; MySQL and MariaDB
// hash it themselves and leave it out of theirs.
func (d *Database) SetPassword(ctx context.Context, user, password string) error {
	var sql, secret string
	switch d.Dialect() {
	case "sqlite":
		return errNoUsers
	case "postgresql":
		method, err := d.scalar(ctx, "SHOW password_encryption")
		if err != nil {
			return err
		}
		if secret, err = verifier(types.Str(method), user, password); err != nil {
			return err
		}
		sql = "ALTER USER " + quote(user) + " PASSWORD '" + secret + "'"
	default:
		mode, err := d.scalar(ctx, "SELECT @@sql_mode")
		if err != nil {
			return err
		}
		literal := func(text string) string {
			if !strings.Contains(types.Str(mode), "NO_BACKSLASH_ESCAPES") {
				text = strings.ReplaceAll(text, `\`, `\\`)
			}
			return "'" + strings.ReplaceAll(text, "'", "''") + "'"
		}
		account := literal(user)
		if i := strings.LastIndexByte(user, '@'); i > 0 {
			account = literal(user[:i]) + "@" + literal(user[i+1:])
		}
		secret = password
		sql = "ALTER USER " + account + " IDENTIFIED BY " + literal(password)
	}
	r, err := d.Query(ctx, sql, nil)
	if err != nil {
		return withoutSecret(err, user, secret)
	}
	return r.Close()
}

// withoutSecret keeps of an error what does not show the password.
func withoutSecret(err error, user, secret string) error {
	e := exc.Of(err)
	if e == nil {
		return errors.New(strings.ReplaceAll(err.Error(), secret, "***"))
	}
	message := e.Message
	if secret != "" {
		message = strings.ReplaceAll(message, secret, "***")
	}
	return &exc.Error{Class: e.Class, Message: message, Statement: "ALTER USER " + user + " … '***'", Code: e.Code,
		ConnectionInvalidated: e.ConnectionInvalidated}
}

// scramIterations is PostgreSQL's default.
const scramIterations = 4096

// verifier is what PostgreSQL keeps of a password. Of SASLprep only what
// passwords of ASCII need is done: nothing.
func verifier(method, user, password string) (string, error) {
	if method == "md5" || method == "on" {
		sum := md5.Sum([]byte(password + user))
		return "md5" + hex.EncodeToString(sum[:]), nil
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	return scram(password, salt)
}

// scram is the verifier of RFC 5803 for SCRAM-SHA-256.
func scram(password string, salt []byte) (string, error) {
	salted, err := pbkdf2.Key(sha256.New, password, salt, scramIterations, sha256.Size)
	if err != nil {
		return "", err
	}
	sign := func(text string) []byte {
		h := hmac.New(sha256.New, salted)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	stored := sha256.Sum256(sign("Client Key"))
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", scramIterations, encode(salt), encode(stored[:]), encode(sign("Server Key"))), nil
}
