package kurrent

// CheckURL tells what is wrong with a connection string, without connecting
// and without showing what may be a password.
func CheckURL(s string) error {
	t, err := split(s)
	if err != nil {
		return err
	}
	return checkSettings(t.query)
}
