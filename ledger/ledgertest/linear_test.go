package ledgertest

import (
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/probity-ledger/probity/ledger"
)

// The model itself: it must refuse what no ledger may answer.
func TestTheModelOfAHistory(t *testing.T) {
	sum := func(entries ...uint64) (out uint64) {
		for _, e := range entries {
			out = chain(out, e)
		}
		return out
	}
	add := func(expected ledger.Revision, entries ...uint64) asked { return asked{0, expected, entries} }
	read := asked{stream: 0}
	everything := asked{stream: -1}
	all := func(entries ...uint64) told {
		out := told{length: len(entries)}
		for _, e := range entries {
			out.sum = chain(out.sum, chain(0, e))
		}
		return out
	}
	type op struct {
		in         asked
		out        told
		call, back int64
	}
	tests := []struct {
		name string
		ops  []op
		want bool
	}{
		{"one after the other", []op{{add(-1, 1, 2), told{length: 2}, 1, 2}, {add(1, 3), told{length: 3}, 3, 4}, {everything, all(1, 2, 3), 5, 6}}, true},
		{"a repeat gives its first result", []op{{add(-1, 1), told{length: 1}, 1, 2}, {add(0, 2), told{length: 2}, 3, 4}, {add(-1, 1), told{length: 1}, 5, 6}}, true},
		{"other entries at the same revision lose", []op{{add(-1, 1), told{length: 1}, 1, 2}, {add(-1, 2), told{wrong: true}, 3, 4}}, true},
		{"two cannot win at one revision", []op{{add(-1, 1), told{length: 1}, 1, 9}, {add(-1, 2), told{length: 1}, 1, 9}}, false},
		{"a repeat that is recorded twice", []op{{add(-1, 1), told{length: 1}, 1, 2}, {read, told{length: 2, sum: sum(1, 1)}, 3, 4}}, false},
		{"an acknowledged append that is lost", []op{{add(-1, 1), told{length: 1}, 1, 2}, {read, told{}, 3, 4}}, false},
		{"a read before the append that it shows", []op{{read, told{length: 1, sum: sum(1)}, 1, 2}, {add(-1, 1), told{length: 1}, 3, 4}}, false},
		{"a read that shows half an append", []op{{add(-1, 1, 2), told{length: 2}, 1, 9}, {read, told{length: 1, sum: sum(1)}, 1, 9}}, false},
		{"an append without an answer that is seen", []op{{add(-1, 1), told{untold: true}, 1, 99}, {read, told{length: 1, sum: sum(1)}, 3, 4}}, true},
		{"an append without an answer that is seen later", []op{{add(-1, 1), told{untold: true}, 1, 99},
			{read, told{}, 3, 4}, {read, told{length: 1, sum: sum(1)}, 5, 6}}, true},
		{"an append without an answer that is seen and gone again", []op{{add(-1, 1), told{untold: true}, 1, 99},
			{read, told{length: 1, sum: sum(1)}, 3, 4}, {read, told{}, 5, 6}}, false},
		{"an append without an answer that is seen before it was asked for", []op{{read, told{length: 1, sum: sum(1)}, 1, 2},
			{add(-1, 1), told{untold: true}, 3, 99}}, false},
		{"a refusal that had no reason", []op{{add(-1, 1), told{wrong: true}, 1, 2}}, false},
		{"an append into the future", []op{{add(3, 1), told{length: 5}, 1, 2}}, false},
		{"events in another order than the streams'", []op{{add(-1, 1), told{length: 1}, 1, 2}, {add(0, 2), told{length: 2}, 3, 4}, {everything, all(2, 1), 5, 6}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var ops []porcupine.Operation
			for i, o := range tt.ops {
				ops = append(ops, porcupine.Operation{ClientId: i, Input: o.in, Output: o.out, Call: o.call, Return: o.back})
			}
			if got := porcupine.CheckOperations(shelves, ops); got != tt.want {
				t.Errorf("the history was accepted: %t", got)
			}
		})
	}
}

func TestAnAppendThatWasLeftIsSettledInTheEnd(t *testing.T) {
	r := &recording{lies: make(map[place]ledger.Position)}
	r.leave(0, 1, asked{0, -1, []uint64{1}})
	r.leave(0, 2, asked{0, -1, []uint64{2}})
	r.settle(map[uint64]bool{2: true})
	if len(r.ops) != 1 || r.ops[0].Input.(asked).entries[0] != 2 {
		t.Errorf("the history is %+v", r.ops)
	}
}
