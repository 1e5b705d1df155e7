package domain_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
)

func TestCheckID(t *testing.T) {
	for _, id := range []string{"P7", "0042", "王-1", "c.P7", "PPD:15-0001", "a#b+c@d_e", strings.Repeat("x", domain.MaxID), "é"} {
		if err := domain.CheckID("officer", id); err != nil {
			t.Errorf("%q is refused: %v", id, err)
		}
	}
	refused := map[string]string{
		"":                                    "nothing",
		strings.Repeat("x", domain.MaxID+1):   "too long",
		strings.Repeat("王", domain.MaxID/3+1): "too long in bytes",
		"P 7":                                 "a space",
		"P7\n":                                "a control character",
		"P\x007":                              "a zero byte",
		"P\xff7":                              "no UTF-8",
		"P\u200b7":                            "an invisible character",
		"P\u202e7":                            "a change of direction",
		"P/7":                                 "a slash",
		`P"7`:                                 "a quote",
		"P'7":                                 "an apostrophe",
		`P\7`:                                 "a backslash",
		"P%7":                                 "a percent sign",
		"e\u0301":                             "a combining mark",
	}
	for id, why := range refused {
		if r := domain.RefusalCode(domain.CheckID("officer", id)); r != domain.CodeInvalid {
			t.Errorf("%q (%s) is not refused as invalid: %q", id, why, r)
		}
	}
}

func TestOptionalAndRepeatedIDs(t *testing.T) {
	if err := domain.CheckOptionalID("officer", domain.OfficerID("")); err != nil {
		t.Errorf("no id where one is optional: %v", err)
	}
	if domain.CheckOptionalID("officer", domain.OfficerID("P 7")) == nil {
		t.Error("a malformed optional id is accepted")
	}
	if err := domain.CheckIDs("officers", []domain.OfficerID{"P7", "P8"}); err != nil {
		t.Errorf("two ids: %v", err)
	}
	if domain.CheckIDs("officers", []domain.OfficerID{"P7", "P8", "P7"}) == nil {
		t.Error("the same id twice is accepted")
	}
	if domain.CheckIDs("officers", []domain.OfficerID{"P7", ""}) == nil {
		t.Error("an empty id in a list is accepted")
	}
}

func FuzzCheckID(f *testing.F) {
	for _, id := range []string{"P7", "王-1", "", "P 7", "P\xff", "e\u0301", "\u200b"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if domain.CheckID("officer", id) != nil {
			return
		}
		stream := domain.OfficerID(id).Ref().Stream()
		if !utf8.ValidString(stream) || len(id) == 0 || len(id) > domain.MaxID {
			t.Fatalf("%q was accepted", id)
		}
		for _, r := range stream {
			if unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`/\"'<>&%?*`, r) {
				t.Fatalf("%q was accepted with %q in it", id, r)
			}
		}
	})
}

func TestAReferenceNamesItsRoom(t *testing.T) {
	got := map[string]domain.Reference{
		"unit-1": domain.UnitID("1"), "post-1": domain.PostID("1"), "officer-1": domain.OfficerID("1"), "complaint-1": domain.ComplaintID("1"),
		"misconduct-1": domain.CaseID("1"), "sanction-1": domain.SanctionID("1"), "reward-1": domain.RewardID("1"), "actor-1": domain.ActorID("1"),
	}
	for want, ref := range got {
		if ref.Ref().Stream() != want || ref.Ref().String() != want {
			t.Errorf("%T refers to %s, want %s", ref, ref.Ref(), want)
		}
	}
}

func TestTouches(t *testing.T) {
	touch := func(room, id, as string) domain.Touch {
		return domain.Touch{Ref: domain.Ref{Type: room, ID: id}, As: as}
	}
	act := domain.Act{Subject: "D1", Actor: "hr-li"}
	tests := []struct {
		name  string
		act   domain.Act
		event painted
		want  []domain.Touch
	}{
		{"an event without references touches its subject and its actor", act, painted{Colour: "green"},
			[]domain.Touch{touch("door", "D1", "subject"), touch("actor", "hr-li", "actor")}},
		{"the system is nobody", domain.Act{Subject: "D1", Actor: domain.ActorSystem}, painted{},
			[]domain.Touch{touch("door", "D1", "subject")}},
		{"no actor is nobody", domain.Act{Subject: "D1"}, painted{},
			[]domain.Touch{touch("door", "D1", "subject")}},
		{"single, listed and nested references, in the order of the fields", act,
			painted{
				Unit: "U1", Posts: []domain.PostID{"S1", "S2"}, Lead: hand{Officer: "P1"}, Helpers: []hand{{Officer: "P2"}, {Officer: "P3"}},
				Actor: "chen", Papers: []domain.Evidence{{Digest: "sha256:00"}}, On: domain.MustDate("2024-03-04"),
			},
			[]domain.Touch{
				touch("door", "D1", "subject"), touch("actor", "hr-li", "actor"),
				touch("unit", "U1", "unit"), touch("post", "S1", "posts"), touch("post", "S2", "posts"),
				touch("officer", "P1", "painter"), touch("officer", "P2", "painter"), touch("officer", "P3", "painter"), touch("actor", "chen", "client"),
			}},
		{"each pair of reference and field once", act,
			painted{Posts: []domain.PostID{"S1", "S1"}, Lead: hand{Officer: "P1"}, Helpers: []hand{{Officer: "P1"}, {}}},
			[]domain.Touch{
				touch("door", "D1", "subject"), touch("actor", "hr-li", "actor"),
				touch("post", "S1", "posts"), touch("officer", "P1", "painter"),
			}},
		{"the same reference in two fields twice", act,
			painted{Before: "K1", Again: []domain.ComplaintID{"K1"}},
			[]domain.Touch{
				touch("door", "D1", "subject"), touch("actor", "hr-li", "actor"),
				touch("complaint", "K1", "before"), touch("complaint", "K1", "again"),
			}},
		{"the actor named as something else too is touched as both", act, painted{Actor: "hr-li"},
			[]domain.Touch{touch("door", "D1", "subject"), touch("actor", "hr-li", "actor"), touch("actor", "hr-li", "client")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, doors.Events[0].Touches(tt.act, tt.event)); diff != "" {
				t.Errorf("touches (-want +got):\n%s", diff)
			}
		})
	}
}
