package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Both sides give the same answer, in process and over HTTP, and it has what
// was to be measured.
func TestBothSidesAnswerTheSame(t *testing.T) {
	held := madeUp()
	us, err := ours(held)
	if err != nil {
		t.Fatal(err)
	}
	them := theirs(rivalOf(held))
	for _, q := range questions {
		want, err := us.ask(t.Context(), q.text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := them.ask(t.Context(), q.text)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%s\nprobity %s\ngqlgen  %s", q.what, want, got)
		}
		for _, s := range []side{us, them} {
			var answer struct{ Data json.RawMessage }
			if err := json.Unmarshal(overHTTP(t, s, q.text), &answer); err != nil || !bytes.Equal(answer.Data, want) {
				t.Errorf("%s, %s over HTTP: %v, %s", q.what, s.name, err, answer.Data)
			}
		}
		if n := bytes.Count(want, []byte(`"recordedAt":"`)); strings.HasPrefix(q.what, "timeline") && n != events {
			t.Errorf("%d events", n)
		}
		for _, list := range []string{"posts", "certificates", "training", "appraisals", "sanctions", "rewards"} {
			if bytes.Contains(want, []byte(`"`+list+`":[]`)) {
				t.Errorf("no %s", list)
			}
		}
	}
}

func overHTTP(t *testing.T, s side, text string) []byte {
	t.Helper()
	server := httptest.NewServer(s.handler)
	defer server.Close()
	body, err := json.Marshal(map[string]any{"query": text, "variables": map[string]any{"id": officerID}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := post(t.Context(), http.DefaultClient, server.URL, body, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The questions are of the size they are said to be.
func TestTheQuestionsHaveAsManyFieldsAsTheySay(t *testing.T) {
	for i, want := range []int{12, 30} {
		_, selected, _ := strings.Cut(questions[i].text, ") {")
		_, selected, _ = strings.Cut(selected, "{")
		fields := strings.FieldsFunc(selected, func(r rune) bool { return strings.ContainsRune(" \n{}", r) })
		composite := strings.Count(selected, "{")
		if n := len(fields) - composite; n != want {
			t.Errorf("%s has %d fields", questions[i].what, n)
		}
	}
}
