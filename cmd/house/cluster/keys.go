package cluster

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// lockKey is the number of the advisory lock that stands for something of a
// ledger. Two that collide wait for each other for nothing; 64 bits make that
// rare.
func lockKey(what, origin, name string) int64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "probity/cluster/v1\n%d:%s\n%d:%s\n%d:%s", len(what), what, len(origin), origin, len(name), name))
	return int64(binary.BigEndian.Uint64(sum[:]))
}
