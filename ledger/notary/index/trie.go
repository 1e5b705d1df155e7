package index

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/domain"
)

// Hash is a SHA-256, in base64 where it is written.
type Hash = tlog.Hash

// What is hashed begins with a byte that says what it is.
const (
	tagLeaf byte = iota
	tagNode
	tagChain
	tagBlind
	tagValue
	tagSecret
)

// keySpace begins what is hashed into a key.
const keySpace = "probity-index/1 key\x00"

// keyOf returns the key of a reference in the ledger of that name.
func keyOf(origin string, ref domain.Ref) Hash {
	b := make([]byte, 0, 192)
	b = append(append(append(b, keySpace...), origin...), 0)
	b = append(append(append(b, ref.Type...), '/'), ref.ID...)
	return sha256.Sum256(b)
}

// bitOf returns a bit of a key, counted from the highest of its first byte.
func bitOf(key *Hash, bit uint8) int { return int(key[bit/8]>>(7-bit%8)) & 1 }

// firstDifference returns the first bit in which two keys differ; false when
// they are the same.
func firstDifference(a, b *Hash) (uint8, bool) {
	for i := range a {
		if x := a[i] ^ b[i]; x != 0 {
			return uint8(8*i + bits.LeadingZeros8(x)), true
		}
	}
	return 0, false
}

// link appends an index to a chain.
func link(chain Hash, index int64) Hash {
	var b [1 + 32 + 8]byte
	b[0] = tagChain
	copy(b[1:], chain[:])
	binary.BigEndian.PutUint64(b[33:], uint64(index))
	return sha256.Sum256(b[:])
}

// chainOf returns the chain over the indices.
func chainOf(indices []int64) (chain Hash) {
	for _, i := range indices {
		chain = link(chain, i)
	}
	return chain
}

// blindOf returns what hides a value from who does not hold its proof.
func blindOf(secret, key Hash, count int64) Hash {
	var b [1 + 32 + 32 + 8]byte
	b[0] = tagBlind
	copy(b[1:], secret[:])
	copy(b[33:], key[:])
	binary.BigEndian.PutUint64(b[65:], uint64(count))
	return sha256.Sum256(b[:])
}

// valueOf commits to a value.
func valueOf(blind, chain Hash, count int64) Hash {
	var b [1 + 32 + 32 + 8]byte
	b[0] = tagValue
	copy(b[1:], blind[:])
	copy(b[33:], chain[:])
	binary.BigEndian.PutUint64(b[65:], uint64(count))
	return sha256.Sum256(b[:])
}

func leafHash(key, value Hash) Hash {
	var b [1 + 32 + 32]byte
	b[0] = tagLeaf
	copy(b[1:], key[:])
	copy(b[33:], value[:])
	return sha256.Sum256(b[:])
}

func nodeHash(bit uint8, left, right Hash) Hash {
	var b [2 + 32 + 32]byte
	b[0], b[1] = tagNode, bit
	copy(b[2:], left[:])
	copy(b[34:], right[:])
	return sha256.Sum256(b[:])
}

// commitmentOf is what the signed note says of the secret.
func commitmentOf(secret Hash) Hash {
	return sha256.Sum256(append([]byte{tagSecret}, secret[:]...))
}

// trie is the map from keys to the events that touch them. Events are added
// in the order of the log; the nodes are brought up when the root is asked
// for, so that many events cost little more than one.
type trie struct {
	secret Hash
	number map[Hash]int32 // of the leaf
	leaves []trieLeaf
	nodes  []trieNode
	top    int32 // a node, or ^leaf
	// stale are the leaves whose nodes must be brought up.
	stale []int32
}

type trieLeaf struct {
	key   Hash
	chain Hash
	hash  Hash
	count int64
	stale bool
	in    bool // it stands in the trie
}

// trieNode is where keys part: at bit, those with a 0 to child[0]. A child is
// a node, or ^leaf.
type trieNode struct {
	child [2]int32
	hash  Hash
	bit   uint8
	stale bool
}

func newTrie(secret Hash) *trie { return &trie{secret: secret, number: map[Hash]int32{}} }

// touch adds an event to what touches the key, and returns the key's number;
// numbers rise from 0 in the order in which keys first come.
func (t *trie) touch(key Hash, index int64) int32 {
	n, ok := t.number[key]
	if !ok {
		n = int32(len(t.leaves))
		t.number[key] = n
		t.leaves = append(t.leaves, trieLeaf{key: key})
	}
	t.touchNumber(n, index)
	return n
}

func (t *trie) touchNumber(n int32, index int64) {
	l := &t.leaves[n]
	l.chain = link(l.chain, index)
	l.count++
	if !l.stale {
		l.stale = true
		t.stale = append(t.stale, n)
	}
}

// emptyRoot is the root of the map without keys: SHA-256 of nothing.
var emptyRoot = Hash(sha256.Sum256(nil))

// root returns the root over all that was added.
func (t *trie) root() Hash {
	for _, n := range t.stale {
		if t.leaves[n].in {
			t.mark(&t.leaves[n].key, 255)
		} else {
			t.insert(n)
		}
	}
	t.stale = t.stale[:0]
	if len(t.leaves) == 0 {
		return emptyRoot
	}
	return t.bringUp(t.top)
}

// mark calls stale every node above a key whose bit is not beyond the given
// one, and returns where it came to: the place of the child, and the child.
func (t *trie) mark(key *Hash, upTo uint8) (place *int32) {
	place = &t.top
	for *place >= 0 {
		n := &t.nodes[*place]
		if n.bit > upTo {
			break
		}
		n.stale = true
		place = &n.child[bitOf(key, n.bit)]
	}
	return place
}

// reach returns the leaf to which the bits of a key lead.
func (t *trie) reach(key *Hash) int32 {
	at := t.top
	for at >= 0 {
		at = t.nodes[at].child[bitOf(key, t.nodes[at].bit)]
	}
	return ^at
}

func (t *trie) insert(number int32) {
	l := &t.leaves[number]
	l.in = true
	if len(t.nodes) == 0 && t.top == 0 { // neither node nor leaf stands there yet
		t.top = ^number
		return
	}
	bit, differ := firstDifference(&l.key, &t.leaves[t.reach(&l.key)].key)
	if !differ {
		panic("index: a key is inserted twice") // number rules it out
	}
	place := t.mark(&l.key, bit)
	n := trieNode{bit: bit, stale: true}
	side := bitOf(&l.key, bit)
	n.child[side], n.child[1-side] = ^number, *place
	*place = int32(len(t.nodes))
	t.nodes = append(t.nodes, n)
}

// bringUp returns the hash of a node or leaf, computed anew where stale.
func (t *trie) bringUp(at int32) Hash {
	if at < 0 {
		l := &t.leaves[^at]
		if l.stale {
			l.hash = leafHash(l.key, valueOf(blindOf(t.secret, l.key, l.count), l.chain, l.count))
			l.stale = false
		}
		return l.hash
	}
	if n := t.nodes[at]; n.stale {
		h := nodeHash(n.bit, t.bringUp(n.child[0]), t.bringUp(n.child[1]))
		t.nodes[at].hash, t.nodes[at].stale = h, false
	}
	return t.nodes[at].hash
}

// Step is one node on the way from the root to a leaf: the bit in which the
// keys below it part, and the hash of the side not taken.
type Step struct {
	Bit  int  `json:"bit"`
	Hash Hash `json:"hash"`
}

// path returns the steps from the root towards a key, and the leaf that they
// lead to; nil in an empty map.
func (t *trie) path(key Hash) ([]Step, *trieLeaf) {
	if t.root(); len(t.leaves) == 0 {
		return nil, nil
	}
	var out []Step
	at := t.top
	for at >= 0 {
		n := t.nodes[at]
		side := bitOf(&key, n.bit)
		out = append(out, Step{int(n.bit), t.bringUp(n.child[1-side])})
		at = n.child[side]
	}
	return out, &t.leaves[^at]
}

// rootFrom returns the root that follows from a leaf at the end of a path
// taken by the bits of key; false when the steps are not in order.
func rootFrom(key, leaf Hash, path []Step) (Hash, bool) {
	h, before := leaf, 256
	for i := len(path) - 1; i >= 0; i-- {
		s := path[i]
		if s.Bit < 0 || s.Bit >= before {
			return Hash{}, false
		}
		before = s.Bit
		if bitOf(&key, uint8(s.Bit)) == 0 {
			h = nodeHash(uint8(s.Bit), h, s.Hash)
		} else {
			h = nodeHash(uint8(s.Bit), s.Hash, h)
		}
	}
	return h, true
}
