package embedded

// readOnlyMedium is not told apart here: such a ledger has to be copied to a
// writable folder.
func readOnlyMedium(string) bool { return false }
