package index

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/probity-ledger/probity/domain"
)

// naiveRoot is the root by the definition: keys sorted, parted at the first
// bit in which they differ.
func naiveRoot(secret Hash, lists map[Hash][]int64) Hash {
	keys := slices.SortedFunc(maps.Keys(lists), func(a, b Hash) int { return bytes.Compare(a[:], b[:]) })
	if len(keys) == 0 {
		return emptyRoot
	}
	var over func(keys []Hash) Hash
	over = func(keys []Hash) Hash {
		if len(keys) == 1 {
			k, n := keys[0], int64(len(lists[keys[0]]))
			return leafHash(k, valueOf(blindOf(secret, k, n), chainOf(lists[k]), n))
		}
		bit, _ := firstDifference(&keys[0], &keys[len(keys)-1])
		mid := slices.IndexFunc(keys, func(k Hash) bool { return bitOf(&k, bit) == 1 })
		return nodeHash(bit, over(keys[:mid]), over(keys[mid:]))
	}
	return over(keys)
}

// shortKey makes keys that share long beginnings, as hashes hardly do.
func shortKey(n byte) (k Hash) {
	k[0], k[31] = n>>4, n&15
	return k
}

func TestTheMapIsThatOfItsDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		secret := keyOf("secret", domain.Ref{})
		trie, lists := newTrie(secret), map[Hash][]int64{}
		r := Root{Origin: testOrigin, Map: trie.root()}
		index := int64(0)
		rt.Repeat(map[string]func(*rapid.T){
			"touch": func(rt *rapid.T) {
				for _, n := range rapid.SliceOfNDistinct(rapid.Byte(), 1, 6, rapid.ID[byte]).Draw(rt, "keys") {
					key := shortKey(n)
					if n%2 == 0 {
						key = keyOf(testOrigin, officer(fmt.Sprint(n)))
					}
					trie.touch(key, index)
					lists[key] = append(lists[key], index)
				}
				index++
			},
			"root": func(rt *rapid.T) {
				if r.Map = trie.root(); r.Map != naiveRoot(secret, lists) {
					rt.Fatalf("after %d events and %d keys the root is another", index, len(lists))
				}
			},
			"prove": func(rt *rapid.T) {
				r.Map = trie.root()
				n := rapid.Byte().Draw(rt, "of")
				ref := officer(fmt.Sprint(n))
				key := keyOf(testOrigin, ref)
				path, leaf := trie.path(key)
				l := List{Ref: SpellRef(ref), Path: path, Indices: lists[key]}
				switch {
				case leaf == nil:
				case leaf.key == key:
					l.Blind = blindOf(secret, key, leaf.count)
				default:
					l.Other = &Other{leaf.key, valueOf(blindOf(secret, leaf.key, leaf.count), leaf.chain, leaf.count)}
				}
				if err := r.includes(ref, l); err != nil {
					rt.Fatal(err)
				}
				if (leaf != nil && leaf.key == key) != (len(lists[key]) > 0) {
					rt.Fatal("the proof says otherwise whether anything touches the key")
				}
				if len(l.Indices) > 0 {
					for what, bad := range map[string]List{
						"one left out":  {Ref: l.Ref, Path: path, Blind: l.Blind, Indices: l.Indices[1:]},
						"one more":      {Ref: l.Ref, Path: path, Blind: l.Blind, Indices: append(slices.Clone(l.Indices), index)},
						"other blind":   {Ref: l.Ref, Path: path, Blind: secret, Indices: l.Indices},
						"none at all":   {Ref: l.Ref, Path: path},
						"said of other": {Ref: l.Ref, Path: path, Other: &Other{key, valueOf(l.Blind, leaf.chain, leaf.count)}},
					} {
						if r.includes(ref, bad) == nil {
							rt.Errorf("%s: accepted", what)
						}
					}
				}
				if len(path) > 0 {
					short := l
					short.Path = path[1:]
					if r.includes(ref, short) == nil {
						rt.Error("a path cut short was accepted")
					}
				}
			},
		})
	})
}

func TestAMapOfOneKey(t *testing.T) {
	trie := newTrie(Hash{1})
	key := keyOf(testOrigin, officer("A"))
	trie.touch(key, 0)
	path, leaf := trie.path(key)
	if len(path) != 0 || leaf.key != key {
		t.Fatal("the one leaf is not the root")
	}
	if trie.root() != naiveRoot(Hash{1}, map[Hash][]int64{key: {0}}) {
		t.Error("another root")
	}
}
