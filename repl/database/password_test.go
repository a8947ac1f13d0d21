package database

import (
	"encoding/base64"
	"testing"
)

// TestVerifier: what a server 15 keeps of the password 'pencil' with this salt,
// and psql's md5 of the user's and password's.
func TestVerifier(t *testing.T) {
	salt, err := base64.StdEncoding.DecodeString("W22ZaJ0SNY7soEsUEjb6gQ==")
	if err != nil {
		t.Fatal(err)
	}
	got, err := scram("pencil", salt)
	if want := "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="; err != nil || got != want {
		t.Errorf("%s %v, want %s", got, err, want)
	}
	got, err = verifier("md5", "ed", "pencil")
	if want := "md590e9b2981b45c74892e44cd586a57986"; err != nil || got != want {
		t.Errorf("%s %v, want %s", got, err, want)
	}
}
