package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/http"
	"strings"
	"text/template"
)

//go:embed saved
var savedFiles embed.FS

// savedScripts are what the script of a saved check is made of, in order.
var savedScripts = []string{"static/verify.js", "static/verifyshow.js", "saved/check.js"}

// savedCheck is the file that checks an event without the server, in one
// language: all of it but the data, which is one line of JSON without "<".
type savedCheck struct {
	before, after string
	digest        string // SHA-256 of the file without its data, in hex
}

// savedData is that line. Told are the keys that the server names, for who
// holds a fingerprint alone.
type savedData struct {
	ID      string `json:"id"`
	Receipt string `json:"receipt"`
	Told    string `json:"told"`
}

func loadSavedCheck(w *words, lang string) (savedCheck, error) {
	read := func(name string) (string, error) {
		from := savedFiles
		if strings.HasPrefix(name, "static/") {
			from = static
		}
		raw, err := from.ReadFile(name)
		return string(raw), err
	}
	var script strings.Builder
	for _, name := range savedScripts {
		part, err := read(name)
		if err != nil {
			return savedCheck{}, err
		}
		script.WriteString("\n" + part)
	}
	style, err := read("saved/check.css")
	if err != nil {
		return savedCheck{}, err
	}
	page, err := read("saved/check.html")
	if err != nil {
		return savedCheck{}, err
	}
	t, err := template.New("check").Parse(page)
	if err != nil {
		return savedCheck{}, err
	}
	const data = "\x00"
	var out bytes.Buffer
	err = t.Execute(&out, savedParts{
		Tag: tags[lang], Data: data, Words: w.ofVerify(lang),
		Script: script.String(), ScriptDigest: cspDigest(script.String()), Style: style, StyleDigest: cspDigest(style),
		say: func(key string) string { return w.say(lang, key) },
	})
	if err != nil {
		return savedCheck{}, err
	}
	var s savedCheck
	s.before, s.after, _ = strings.Cut(out.String(), data)
	sum := sha256.Sum256([]byte(s.before + s.after))
	s.digest = hex.EncodeToString(sum[:])
	return s, nil
}

// savedParts is what the template of a saved check is given.
type savedParts struct {
	Tag, Data, Words                         string
	Script, ScriptDigest, Style, StyleDigest string
	say                                      func(string) string
}

// T is a text, escaped.
func (p savedParts) T(key string) string { return html.EscapeString(p.say(key)) }

// cspDigest names a script or style as a content security policy does.
func cspDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// ofVerify are the words that the scripts of the check say, as JSON without
// "<".
func (w *words) ofVerify(lang string) string {
	out := map[string]string{}
	for key, text := range w.by[lang] {
		if strings.HasPrefix(key, "verify.") {
			out[key] = text
		}
	}
	raw, _ := json.Marshal(out) // of texts
	return string(raw)
}

// with returns the file for one event.
func (s savedCheck) with(data savedData) ([]byte, error) {
	line, err := json.Marshal(data)
	if err != nil {
		return nil, err
	}
	return append(append([]byte(s.before), line...), s.after...), nil
}

// savedDocument asks for what a saved check holds.
const savedDocument = `query SavedCheck($id: ID!) {
  event(id: $id) { id envelope { signatures { key { publicKey } } } proof { receipt } }
}`

// saveCheck answers with the file that checks an event without this server.
func (h *Handler) saveCheck(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.enter(w, r)
	if !ok {
		return
	}
	if visitor.public() {
		h.toSignIn(w, r, "")
		return
	}
	_, raw, err := ask(r.Context(), visitor, Question{Document: savedDocument, Variables: map[string]any{"id": r.PathValue("id")}, Purpose: "console: check"})
	var answer provedEvent
	if err == nil {
		err = json.Unmarshal(raw, &answer)
	}
	if err == nil && (answer.Event == nil || answer.Event.Proof == nil) {
		err = errMissing
	}
	if err != nil {
		h.failWith(w, r, visitor, err)
		return
	}
	file, err := h.saved[languageOf(r)].with(savedData{answer.Event.ID, answer.Event.Proof.Receipt, answer.told(h.config.Keys)})
	if err != nil {
		h.failWith(w, r, visitor, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Disposition", `attachment; filename="probity-check-`+fileName(answer.Event.ID)+`.html"`)
	_, _ = w.Write(file) // an error here is a client that went away
}

// fileName leaves of an id what is plain in the name of a file.
func fileName(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r == '-' {
			return r
		}
		return -1
	}, id)
}

// provedEvent is what of an event the check needs.
type provedEvent struct {
	Event *struct {
		ID       string
		Envelope *struct {
			Payload    string
			Signatures []struct{ Key *struct{ PublicKey *string } }
		}
		Proof *struct{ Receipt string }
	}
}

// told are the keys that this server names for an event: those of the log, and
// whatever signed the event, as a keys file.
func (p provedEvent) told(keys string) string {
	out := strings.Builder{}
	out.WriteString(keys)
	if p.Event.Envelope == nil {
		return keys
	}
	for _, s := range p.Event.Envelope.Signatures {
		if s.Key == nil || s.Key.PublicKey == nil || strings.Contains(out.String(), *s.Key.PublicKey) {
			continue
		}
		out.WriteString("-----BEGIN PUBLIC KEY-----\n" + *s.Key.PublicKey + "\n-----END PUBLIC KEY-----\n")
	}
	return out.String()
}

// showVerify shows the page of the keys that a visitor holds.
func (h *Handler) showVerify(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.enter(w, r)
	if !ok {
		return
	}
	h.render(w, r, visitor, http.StatusOK, "verify", map[string]any{"digest": h.saved[languageOf(r)].digest})
}
