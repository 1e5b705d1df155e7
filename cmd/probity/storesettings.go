package main

import (
	"bytes"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/settings"
)

// storeFrom is where events are kept, with the files of its certificates, and
// where its user and password are found ("file:PATH" or "env:NAME"; empty for
// nowhere).
func storeFrom(v *settings.Values) (store, credentials string) {
	store = v.Text("store")
	if store == house.StoreEmbedded {
		for _, name := range []string{"store-credentials", "store-credentials-file", "store-ca", "store-cert", "store-key"} {
			if v.Said(name) {
				v.Wrong(name, "is for a KurrentDB, and store is embedded")
			}
		}
		return store, ""
	}
	noPassword(v, "store", "store-credentials-file")
	if err := house.CheckStore(store); err != nil && v.Good("store") {
		v.WrongWithHint("store", "see docs/kurrentdb.md", "%w", err)
	}
	if v.Said("store-credentials") && v.Said("store-credentials-file") {
		v.Wrong("store-credentials-file", "says where user and password are, and so does store-credentials: leave one of them out")
	}
	together(v, "store-cert", "store-key", "the key of the user certificate")
	together(v, "store-key", "store-cert", "the user certificate of the key")
	for _, file := range []struct{ name, as string }{{"store-ca", "tlsCAFile"}, {"store-cert", "userCertFile"}, {"store-key", "userKeyFile"}} {
		if path := v.Path(file.name); path != "" {
			readable(v, file.name, path)
			store = withSetting(store, file.as, path)
		}
	}
	if path := v.Path("store-credentials-file"); path != "" {
		readable(v, "store-credentials-file", path)
		return store, "file:" + path
	}
	return store, v.Text("store-credentials")
}

// viewsFrom is where views are kept: "sqlite", or the URL of a PostgreSQL with
// its password.
func viewsFrom(v *settings.Values) string {
	views := v.Text("views")
	if views == viewsInFolder {
		for _, name := range []string{"views-password-file", "views-password"} {
			if v.Said(name) {
				v.Wrong(name, "is for a PostgreSQL, and views is sqlite")
			}
		}
		return views
	}
	noPassword(v, "views", "views-password-file")
	password := v.Text("views-password")
	if path := v.Path("views-password-file"); path != "" {
		raw, err := os.ReadFile(path)
		if err != nil {
			v.Wrong("views-password-file", "%w", err)
		}
		password = string(bytes.TrimRight(raw, "\r\n"))
	}
	u, err := url.Parse(views)
	if err != nil || password == "" {
		return views
	}
	if u.User.Username() == "" {
		v.Wrong("views", "names no user, and there is a password: postgres://USER@HOST/DATABASE")
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String()
}

// viewsInFolder is the setting of views in the data folder itself.
const viewsInFolder = house.ViewsInFolder

// noPassword refuses a password in a connection string that others can read:
// in the settings file, or in the list of processes.
func noPassword(v *settings.Values, name, file string) {
	if hasPassword(v.Text(name)) && v.Origin(name).Variable == "" {
		v.Wrong(name, "has a password in it: leave it out and name the file that holds it in %s", file)
	}
}

// hasPassword tells whether a connection string has a password before its
// hosts, also one with a raw question mark, or among its parameters.
func hasPassword(connection string) bool {
	_, rest, _ := strings.Cut(connection, "://")
	authority, query, _ := strings.Cut(rest, "?")
	for parameter := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(parameter, "="); strings.HasSuffix(strings.ToLower(name), "password") {
			return true
		}
	}
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		return strings.Contains(authority[:at], ":")
	}
	// The @ of a parameter's value, or that behind a password cut in two.
	before, _, found := strings.Cut(query, "@")
	_, port, colon := strings.Cut(authority, ":")
	_, err := strconv.Atoi(port)
	return found && colon && (!strings.Contains(before, "=") || err != nil && !strings.Contains(authority, ","))
}

// together says that a setting is missing where another is.
func together(v *settings.Values, is, needs, what string) {
	if v.Said(is) && !v.Said(needs) {
		v.WrongBeside(is, needs, "is missing: the file of %s", what)
	}
}

func readable(v *settings.Values, name, path string) {
	f, err := os.Open(path)
	if err != nil {
		v.Wrong(name, "%w", err)
		return
	}
	f.Close()
}

// withSetting adds a setting to a connection string.
func withSetting(connection, name, value string) string {
	sep := "?"
	if strings.Contains(connection, "?") {
		sep = "&"
	}
	return connection + sep + name + "=" + url.QueryEscape(value)
}
