package doctor

import "time"

// Checks are all there are, in the order in which they are told.
func Checks() []Check {
	return []Check{
		{Subject: "issuer", Run: issuers},
		{Subject: "webhook", Run: receivers},
		{Subject: "tls", Run: serverCertificate},
		{Subject: "certificate", Run: certificates},
		{Subject: "folder", Run: folder},
		{Subject: "secret", Run: secrets},
		{Subject: "space", Run: space},
		{Subject: "disk", Run: disk},
		{Subject: "store", Within: 45 * time.Second, Run: cluster},
		{Subject: "nodes", Run: nodes},
		{Subject: "postgres", Run: postgres},
		{Subject: "clock", Run: clock},
		{Subject: "ledger", Within: 45 * time.Second, Run: canBeOpened},
		{Subject: "key", Within: time.Minute, Run: keys},
		{Subject: "head", Within: time.Minute, Run: head},
		{Subject: "rulebook", Within: time.Minute, Run: rulebooks},
		{Subject: "log", Within: time.Minute, Run: checkpoints},
		{Subject: "seal", Within: time.Minute, Run: sealed},
		{Subject: "witness", Within: time.Minute, Run: witnesses},
		{Subject: "views", Within: time.Minute, Run: views},
	}
}
