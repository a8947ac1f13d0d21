// Package mysql is what MySQL and MariaDB says differently: its SQL, its DDL, its types, its
// catalogue, its errors. Dialect embeds compile.Base and overrides a clause at
// a time; each file is one concern.
package mysql
