// Package servers finds the database servers that tests may use, and gives
// each test an empty database of its own.
//
// A server is found by ALCHEMYSH_TEST_POSTGRESQL_URL and
// ALCHEMYSH_TEST_MYSQL_URL (URLs as create_engine takes them), or at its
// standard local port: postgresql://postgres@127.0.0.1:5432/postgres and
// mysql://root@127.0.0.1:3306/. A test that finds none is skipped and says so;
// a variable that is set and does not answer fails the test, so that a
// continuous-integration machine never passes by not looking.
//
//	func TestReflect(t *testing.T) {
//		servers.Each(t, "inspect", func(t *testing.T, s servers.Server, url string) {
//			// url is an empty database, alchemysh_inspect on that server,
//			// or an empty SQLite file; it is dropped after the test
//		})
//	}
package servers
