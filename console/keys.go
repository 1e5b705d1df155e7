package console

import (
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
)

// keyLine is what lists of keys ask for.
const keyLine = `id purpose algorithm status holder enrolledOn enrolledBy endedOn reason imported officer { id name latinName }`

// keyPage is the visitor's own: those on file, which the page asks for, and
// those in the browser, which its script adds.
var keyPage = page{
	name: "key", route: "/key",
	document:  `query MyKeys($holder: ID) { keys(filter: {holder: $holder}, first: 100) { totalCount nodes { ` + keyLine + ` } } }`,
	variables: func(a *asked) (map[string]any, error) { return map[string]any{"holder": a.visitor.Subject}, nil },
	prepare: func(v *view) error {
		v.X = v.tongue.words.ofSigning(v.Lang, payload{Type: "key.enrolled.v1"})
		return nil
	},
}

// keysPage is the register of keys; who may enrol one does so here.
var keysPage = page{
	name: "keys", route: "/keys",
	document: connection("keys", "KeyFilter", keyLine),
	variables: func(a *asked) (map[string]any, error) {
		return addPage(a, 50, map[string]any{"filter": choice(a, map[string]any{}, "status", "purpose", "holder")}), nil
	},
	prepare: func(v *view) error {
		v.X = enrolView{MayEnrol: mayEnrol(v.Visitor)}
		return nil
	},
}

// oneKeyPage is the life of a key; whoever has a say over it ends it here.
var oneKeyPage = page{
	name: "onekey", route: "/keys/{id}", must: "key",
	document: `query Key($id: ID!) { key(id: $id) { ` + keyLine + `
    publicKey succeeds { id } succeededBy { id } enrolledAt endedAt endedBy revokedFrom vouchedThrough vouchedBy proposedFrom proposedBy number from until } }`,
	variables: id,
	prepare: func(v *view) error {
		v.X = endView{MayEnd: mayEnd(v)}
		return nil
	},
}

// enrolView is what the page of the register is given: the form as it was
// sent, and why it was refused.
type enrolView struct {
	MayEnrol              bool
	Key, Holder, Succeeds string
	Refused               *refusedForm
}

// mayEnrol tells whether the visitor's role is one that enrols keys.
func mayEnrol(v Visitor) bool { return v.May != nil && v.May("key.enroll") }

const enrolDocument = `mutation Enrol($key: ID!, $input: KeyEnrollInput!) {
  keyEnroll(subject: $key, input: $input, prepare: true) { recorded events { id } prepared { prepared toSign recorded { events } } }
}`

// enrol prepares the enrolment of somebody's key, which the key itself has to
// sign.
func (h *Handler) enrol(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.posted(w, r)
	if !ok {
		return
	}
	form := enrolView{MayEnrol: true, Key: r.PostForm.Get("key"), Holder: strings.TrimSpace(r.PostForm.Get("holder")), Succeeds: strings.TrimSpace(r.PostForm.Get("succeeds"))}
	id, algorithm, public, ok := readPublicKey(form.Key)
	if !ok {
		form.Refused = &refusedForm{Why: "enrol.nokey", Problem: Problem{Field: "input.publicKey"}}
		h.refuseEnrolment(w, r, visitor, form, http.StatusUnprocessableEntity)
		return
	}
	input := map[string]any{"algorithm": algorithm, "publicKey": public, "purpose": "AUTHOR", "holder": form.Holder}
	if form.Succeeds != "" {
		input["succeeds"] = form.Succeeds
	}
	answer := visitor.Do(r.Context(), Question{Document: enrolDocument, Variables: map[string]any{"key": id, "input": input}, Purpose: "console: keys"})
	if len(answer.Errors) > 0 {
		status := http.StatusUnprocessableEntity
		form.Refused = &refusedForm{"enrol.refused", answer.Errors[0]}
		if temporary(answer.Errors[0].Code) {
			status, form.Refused.Why = askLater(w, answer.Errors[0]), "sign.why.later"
		}
		h.refuseEnrolment(w, r, visitor, form, status)
		return
	}
	var out struct {
		KeyEnroll struct{ Prepared preparedAnswer }
	}
	if err := json.Unmarshal(answer.Data, &out); err != nil {
		h.failWith(w, r, visitor, err)
		return
	}
	h.render(w, r, visitor, http.StatusOK, "enrol", map[string]any{
		"key": id, "holder": form.Holder, "prepared": out.KeyEnroll.Prepared.Prepared, "text": payloads(out.KeyEnroll.Prepared.Prepared),
	})
}

// refuseEnrolment shows the register again, with the form as it was sent.
func (h *Handler) refuseEnrolment(w http.ResponseWriter, r *http.Request, visitor Visitor, form enrolView, status int) {
	again := keysPage
	again.status = status
	again.prepare = func(v *view) error {
		v.X = form
		return nil
	}
	h.answer(w, r, visitor, again)
}

// The object identifiers of keys that are enrolled (RFC 5480, RFC 8410, RFC
// 8017, GM/T 0006).
var (
	oidEC      = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidP256    = asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}
	oidSM2     = asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 301}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}
	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
)

// readPublicKey finds the one public key in PEM in a text, such as a request of
// the page of one's own key: its id, the algorithm as GraphQL names it, and its
// SPKI DER in base64.
func readPublicKey(text string) (id, algorithm, public string, ok bool) {
	block, rest := pem.Decode([]byte(strings.ReplaceAll(text, "\r\n", "\n")))
	if block == nil || block.Type != "PUBLIC KEY" || strings.Contains(string(rest), "-----BEGIN") {
		return "", "", "", false
	}
	var spki struct {
		Algorithm struct {
			Algorithm  asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Key asn1.BitString
	}
	if rest, err := asn1.Unmarshal(block.Bytes, &spki); err != nil || len(rest) > 0 {
		return "", "", "", false
	}
	var curve asn1.ObjectIdentifier
	switch oid := spki.Algorithm.Algorithm; {
	case oid.Equal(oidEd25519):
		algorithm = "ED25519"
	case oid.Equal(oidRSA):
		algorithm = "RSA"
	case oid.Equal(oidEC):
		_, _ = asn1.Unmarshal(spki.Algorithm.Parameters.FullBytes, &curve) // none is no curve
		if curve.Equal(oidP256) {
			algorithm = "ECDSA_P256"
		} else if curve.Equal(oidSM2) {
			algorithm = "SM2"
		}
	}
	sum := sha256.Sum256(block.Bytes)
	return hex.EncodeToString(sum[:]), algorithm, base64.StdEncoding.EncodeToString(block.Bytes), algorithm != ""
}

// endView is what the page of one key is given.
type endView struct {
	MayEnd       bool
	Reason, From string
	Refused      *refusedForm
}

// mayEnd tells whether the key counts and the visitor has a say over it, as far
// as the page knows; the ledger decides. Keys of the ledger are ended by its
// owner, with the verbs of the program.
func mayEnd(v *view) bool {
	k, _ := v.D["key"].(map[string]any)
	own := k["holder"] == v.Visitor.Subject
	return v.Visitor.May != nil && v.Visitor.May("key.retire") && k["status"] == "ACTIVE" && k["purpose"] == "AUTHOR" && (own || slices.Contains([]string{"hr", "leader"}, v.Visitor.Role))
}

const (
	retireDocument = `mutation Retire($key: ID!, $reason: String!) { keyRetire(subject: $key, input: {reason: $reason}) { recorded events { event { id } } } }`
	revokeDocument = `mutation Revoke($key: ID!, $reason: String!, $from: Long!) { keyRevoke(subject: $key, input: {reason: $reason, from: $from}) { recorded events { event { id } } } }`
)

// endKey retires or revokes a key.
func (h *Handler) endKey(w http.ResponseWriter, r *http.Request) {
	visitor, ok := h.posted(w, r)
	if !ok {
		return
	}
	key, form := r.PathValue("id"), endView{MayEnd: true, Reason: strings.TrimSpace(r.PostForm.Get("reason")), From: strings.TrimSpace(r.PostForm.Get("from"))}
	q := Question{Document: retireDocument, Variables: map[string]any{"key": key, "reason": form.Reason}, Purpose: "console: keys"}
	if form.From != "" {
		q.Document, q.Variables["from"] = revokeDocument, json.Number(form.From)
	}
	answer := visitor.Do(r.Context(), q)
	if len(answer.Errors) == 0 {
		http.Redirect(w, r, pathTo("keys", key), http.StatusSeeOther)
		return
	}
	again := oneKeyPage
	again.status, form.Refused = http.StatusUnprocessableEntity, &refusedForm{"enrol.refused", answer.Errors[0]}
	if temporary(answer.Errors[0].Code) {
		again.status, form.Refused.Why = askLater(w, answer.Errors[0]), "sign.why.later"
	}
	again.prepare = func(v *view) error {
		v.X = form
		return nil
	}
	h.answer(w, r, visitor, again)
}
