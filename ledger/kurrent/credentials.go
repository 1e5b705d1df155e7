package kurrent

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// authenticate puts user and password into the configuration.
func authenticate(conf *esdb.Configuration, t target, source string) error {
	switch {
	case source != "" && t.user != nil:
		return errors.New("kurrent: Credentials: the URL names a user as well; leave one of them out")
	case source != "":
		line, err := readCredentials(source)
		if err != nil {
			return fmt.Errorf("kurrent: Credentials: %w", err)
		}
		var ok bool
		if conf.Username, conf.Password, ok = strings.Cut(line, ":"); !ok {
			return fmt.Errorf("kurrent: Credentials: what %s holds is not one line user:password", source)
		}
	case t.user != nil:
		conf.Username = t.user.Username()
		conf.Password, _ = t.user.Password()
	default:
		return nil
	}
	switch {
	case conf.Username == "" || conf.Password == "":
		return errors.New("kurrent: user and password belong together; without both the client would send neither")
	case conf.DisableTLS:
		return errors.New("kurrent: the client sends no password where tls=false; leave out the one or the other")
	}
	return nil
}

func readCredentials(source string) (string, error) {
	kind, name, _ := strings.Cut(source, ":")
	switch kind {
	case "file":
		b, err := os.ReadFile(name)
		return strings.TrimRight(string(b), "\r\n"), err
	case "env":
		v, ok := os.LookupEnv(name)
		if !ok {
			return "", fmt.Errorf("the environment has no %s", name)
		}
		return v, nil
	}
	return "", errors.New("the form is file:PATH or env:NAME") // what stands there may be the password itself
}
