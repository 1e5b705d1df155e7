package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/seal/sealtest"
)

// received is what a recipient finds in an export.
type received struct {
	head  exportHead
	lines []exportLine
	end   exportEnd
}

// checkExport is what docs/sealed.md tells a recipient to do, with the public
// keys of the ledger and nothing else.
func checkExport(raw []byte, keys *ledger.Keyring) (received, error) {
	var r received
	rows := bytes.Split(bytes.TrimSuffix(raw, []byte("\n")), []byte("\n"))
	strict := json.RejectUnknownMembers(true)
	if err := json.Unmarshal(rows[0], &r.head, strict); err != nil || r.head.Export != redactedForm {
		return r, fmt.Errorf("the first line: %v", err)
	}
	if err := json.Unmarshal(rows[len(rows)-1], &r.end, strict); err != nil {
		return r, fmt.Errorf("the last line: %v", err)
	}
	next, digests, counted := map[string]int64{}, map[string]string{}, exportEnd{}
	for _, row := range rows[1 : len(rows)-1] {
		var l exportLine
		if err := json.Unmarshal(row, &l, strict); err != nil {
			return r, err
		}
		if l.Revision != next[l.Stream] {
			return r, fmt.Errorf("%s goes on with revision %d after %d", l.Stream, l.Revision, next[l.Stream]-1)
		}
		next[l.Stream]++
		r.lines = append(r.lines, l)
		if l.Withheld != "" {
			digests[l.Stream] = strings.TrimPrefix(l.Withheld, "sha256:")
			counted.Withheld++
			continue
		}
		counted.Events++
		env, err := ledger.OpenEnvelope(l.Envelope)
		if err == nil {
			err = keys.Verify(env)
		}
		if err != nil {
			return r, fmt.Errorf("%s revision %d: %w", l.Stream, l.Revision, err)
		}
		var event struct {
			Source, Stream string
			Revision       jsontext.Value
			PrevHash       string `json:"prevhash"`
		}
		if err := json.Unmarshal(env.Payload, &event, json.MatchCaseInsensitiveNames(true)); err != nil {
			return r, err
		}
		if event.Source != r.head.Ledger || event.Stream != l.Stream || strings.Trim(string(event.Revision), `"`) != fmt.Sprint(l.Revision) || event.PrevHash != digests[l.Stream] {
			return r, fmt.Errorf("%s revision %d is not of this place: %+v", l.Stream, l.Revision, event)
		}
		sum := ledger.HashPayload(env.Payload)
		digests[l.Stream] = hex.EncodeToString(sum[:])
	}
	counted.Streams = len(next)
	if counted != r.end {
		return r, fmt.Errorf("the last line says %+v, there are %+v", r.end, counted)
	}
	return r, nil
}

const exportCommands = `{"id":"1","command":"unit.establish","subject":"hq","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}
{"id":"2","command":"officer.enroll","subject":"P1","actor":"hr-li","role":"hr","data":{"name":"王芳","unit":"hq"}}
{"id":"3","command":"complaint.receive","subject":"C-1","actor":"zhao","role":"intake","data":{"channel":"visit","category":"bribery","summary":"asked for a gift","unit":"hq","officers":["P1"],"realName":true},"reporter":{"name":"林静雯","phone":"13917254601"}}
{"id":"4","command":"complaint.screen","subject":"C-1","actor":"zhao","role":"intake","data":{"admissible":true,"ground":"ours"}}
{"id":"5","command":"complaint.accept","subject":"C-1","actor":"zhao","role":"intake"}
{"id":"6","command":"complaint.assign_handler","subject":"C-1","actor":"chen","role":"leader","data":{"handler":"qian"}}
{"id":"7","command":"complaint.unseal_reporter","subject":"C-1","actor":"zhao","role":"intake","data":{"reason":"the tall neighbour of P1"}}
{"id":"8","command":"complaint.extend","subject":"C-1","actor":"chen","role":"leader","data":{"until":"2999-01-01","reason":"x"}}
{"id":"9","command":"complaint.acknowledge","subject":"C-1","actor":"zhao","role":"intake"}
{"id":"10","command":"complaint.receive","subject":"C-elsewhere","actor":"zhao","role":"intake","data":{"channel":"visit","category":"delay","summary":"of no concern to qian","unit":"hq"}}
`

// probity runs a verb on the folder and returns what it printed.
func probity(t *testing.T, dir, stdin string, want int, args ...string) string {
	t.Helper()
	var out, errs strings.Builder
	env := []string{"PROBITY_PASSPHRASE=correct horse"}
	got := run(context.Background(), append(args, "--data", dir), strings.NewReader(stdin), &out, &errs, env)
	if got != want {
		t.Fatalf("probity %v ended with %d, want %d: %s%s", args, got, want, out.String(), errs.String())
	}
	return out.String()
}

func TestARecipientChecksWhatWasLeftOut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	probity(t, dir, exportCommands, exitFailed, "submit", "-") // the extension is refused
	pub, err := house.ReadPublicKeys(filepath.Join(dir, "ledger.pub"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ledger.NewKeyring(pub...)
	if err != nil {
		t.Fatal(err)
	}
	raw := probity(t, dir, "", exitFine, "export", "events", "--for", "the handler's lawyer", "--as", "handler:qian")
	got, err := checkExport([]byte(raw), keys)
	if err != nil {
		t.Fatal(err)
	}
	if got.head.For != "the handler's lawyer" || got.end != (exportEnd{Streams: 1, Events: 6, Withheld: 1}) {
		t.Errorf("%+v, %+v", got.head, got.end)
	}
	for _, secret := range []string{"neighbour", "no concern", "林静雯", "13917254601", "C-elsewhere"} {
		found, err := sealtest.Traces(writeTemp(t, raw), secret)
		if err != nil || len(found) > 0 {
			t.Errorf("%v, %v", found, err)
		}
	}
	if !strings.Contains(fmt.Sprint(kindsOf(t, got)), "complaint.reporter_sealed.v1") {
		t.Error("the sealed identity is not in the export")
	}
	// An auditor gets everything.
	raw2 := probity(t, dir, "", exitFine, "export", "events", "--for", "audit", "--as", "auditor:sun")
	all, err := checkExport([]byte(raw2), keys)
	if err != nil || all.end.Withheld != 0 || all.end.Events != 10 {
		t.Errorf("%+v, %v", all.end, err)
	}
	lines := strings.SplitAfter(raw, "\n")
	// What came last is not vouched for by anything after it: that takes a
	// checkpoint of the whole ledger, as the document says.
	short := append(lines[:len(lines)-3:len(lines)-3], strings.Replace(lines[len(lines)-2], `"events":6`, `"events":5`, 1))
	if _, err := checkExport([]byte(strings.Join(short, "")), keys); err != nil {
		t.Errorf("the document says too little: %v", err)
	}
	// Whatever else is changed on the way shows.
	for name, change := range map[string]func([]string) []string{
		"a line left out": func(l []string) []string { return append(l[:3:3], l[4:]...) },
		"the end cut off": func(l []string) []string { return l[:len(l)-2] },
		"a digest changed": func(l []string) []string {
			for i := range l {
				l[i] = strings.Replace(l[i], `"withheld":"sha256:`, `"withheld":"sha256:0`, 1)
			}
			return l
		},
		"an event withheld on the way": func(l []string) []string {
			l[2] = `{"position":"4","stream":"complaint-C-1","revision":1,"withheld":"sha256:` + strings.Repeat("0", 64) + "\"}\n"
			return l
		},
		"two lines swapped": func(l []string) []string { l[2], l[3] = l[3], l[2]; return l },
	} {
		if _, err := checkExport([]byte(strings.Join(change(append([]string(nil), lines...)), "")), keys); err == nil {
			t.Errorf("%s: not noticed", name)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
}

func TestExportsThatAreRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	probity(t, dir, exportCommands, exitFailed, "submit", "-")
	for _, role := range []string{"hr:li@hq", "officer:P1", "overseer:o", "public:"} {
		probity(t, dir, "", exitUsage, "export", "events", "--for", "x", "--as", role)
	}
	probity(t, dir, "", exitUsage, "export", "events", "--as", "auditor:sun")
	probity(t, dir, "", exitUsage, "export", "events", "--for", "x")
	if out := probity(t, dir, "", exitFine, "export", "events", "--for", "x", "--as", "handler:nobody"); !strings.HasSuffix(out, "{\"streams\":0,\"events\":0,\"withheld\":0}\n") {
		t.Errorf("a handler without work gets\n%s", out)
	}
}

func kindsOf(t *testing.T, r received) []string {
	t.Helper()
	var out []string
	for _, l := range r.lines {
		if l.Withheld == "" {
			env, err := ledger.OpenEnvelope(l.Envelope)
			if err != nil {
				t.Fatal(err)
			}
			var event struct{ Type string }
			if err := json.Unmarshal(env.Payload, &event, json.MatchCaseInsensitiveNames(true)); err != nil {
				t.Fatal(err)
			}
			out = append(out, event.Type)
		}
	}
	return out
}

func writeTemp(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
