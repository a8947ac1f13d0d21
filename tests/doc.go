// Package tests runs alchemysh as a person would: the built binary, whole
// programs, whole output.
//
//   - conformance_test.go runs the conformance corpus, small Lua programs with
//     what SQLAlchemy 2.0.52 answers (testdata/conformance);
//   - script_test.go runs txtar scripts (testdata/script): flags, standard
//     input, formats, exit statuses, bad input;
//   - lessons_test.go runs every Lua script under scripts/ and compares its
//     output with the .out file beside it;
//   - layers_test.go holds the arrows between packages.
//
// The package tests/servers finds PostgreSQL and MariaDB for every package's
// tests.
package tests
