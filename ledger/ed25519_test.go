package ledger

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"fmt"
	"testing"

	"github.com/oasisprotocol/curve25519-voi/curve"
	"github.com/oasisprotocol/curve25519-voi/curve/scalar"
	voi "github.com/oasisprotocol/curve25519-voi/primitives/ed25519"
)

// sameEd25519 holds the two verifiers against each other, with the key taken
// as it is: the ledger itself loads no weak one.
func sameEd25519(t *testing.T, key, message, sig []byte) (accepted bool) {
	t.Helper()
	want := ed25519.Verify(key, message, sig)
	expanded, err := voi.NewExpandedPublicKey(key)
	got := err == nil && voi.VerifyExpandedWithOptions(expanded, message, sig, standardEquation)
	if got != want {
		t.Errorf("key %x, message %x, signature %x: taken %t, by the standard library %t", key, message, sig, got, want)
	}
	return want
}

// order is that of the group that the base point generates, little-endian.
var order = []byte{
	0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
}

// plus adds two little-endian numbers of 32 bytes, and drops what overflows.
func plus(a, b []byte) []byte {
	out, carry := make([]byte, 32), 0
	for i := range out {
		sum := int(a[i]) + int(b[i]) + carry
		out[i], carry = byte(sum), sum>>8
	}
	return out
}

// smallOrder lists every encoding of a point of small order, the second
// spellings among them.
func smallOrder(t testing.TB) [][]byte {
	t.Helper()
	var out [][]byte
	take := func(y []byte) {
		for _, sign := range []byte{0, 0x80} {
			e := bytes.Clone(y)
			e[31] |= sign
			var c curve.CompressedEdwardsY
			var p curve.EdwardsPoint
			if _, err := c.SetBytes(e); err != nil {
				t.Fatal(err)
			}
			if _, err := p.SetCompressedY(&c); err == nil && p.IsSmallOrder() {
				out = append(out, e)
			}
		}
	}
	for _, p := range torsion(t) {
		e := encoded(p)
		if e[31]&0x80 == 0 {
			take(e)
		}
	}
	prime := append(append([]byte{0xed}, bytes.Repeat([]byte{0xff}, 30)...), 0x7f)
	take(prime)                                               // 0 once more
	take(plus(prime, append([]byte{1}, make([]byte, 31)...))) // 1 once more
	return out
}

func encoded(p *curve.EdwardsPoint) []byte {
	var c curve.CompressedEdwardsY
	c.SetEdwardsPoint(p)
	return bytes.Clone(c[:])
}

// torsion lists the eight points of small order.
func torsion(t testing.TB) []*curve.EdwardsPoint {
	t.Helper()
	var l scalar.Scalar
	if _, err := l.SetBits(order); err != nil {
		t.Fatal(err)
	}
	for y := byte(2); ; y++ {
		var c curve.CompressedEdwardsY
		var p, of curve.EdwardsPoint
		if _, err := c.SetBytes(append([]byte{y}, make([]byte, 31)...)); err != nil {
			t.Fatal(err)
		}
		if _, err := p.SetCompressedY(&c); err != nil {
			continue
		}
		of.Mul(&p, &l)
		out := []*curve.EdwardsPoint{}
		sum := curve.NewEdwardsPoint()
		for range 8 {
			out = append(out, curve.NewEdwardsPoint().Set(sum))
			sum.Add(sum, &of)
			if sum.IsIdentity() && len(out) < 8 {
				break
			}
		}
		if len(out) == 8 {
			return out
		}
	}
}

// In Ed25519 verifiers are known to differ on keys and R of small or mixed
// order, on second spellings of a point, and on an s that is not reduced. The
// ledger's decides each as the standard library does.
func TestEd25519IsDecidedAsByTheStandardLibrary(t *testing.T) {
	small := smallOrder(t)
	if len(small) != 14 {
		t.Fatalf("%d encodings of points of small order", len(small))
	}
	zero, one := make([]byte, 32), append([]byte{1}, make([]byte, 31)...)
	scalars := [][]byte{zero, one, order, plus(order, one), bytes.Repeat([]byte{0xff}, 32)}
	taken, asked := 0, 0
	try := func(key, message, sig []byte) {
		asked++
		if sameEd25519(t, key, message, sig) {
			taken++
		}
	}
	for _, a := range small {
		for _, r := range small {
			for _, s := range scalars {
				for m := range 6 {
					try(a, fmt.Appendf(nil, "message %d", m), append(bytes.Clone(r), s...))
				}
			}
		}
	}
	if taken < 50 {
		t.Errorf("of %d signatures of small order %d are taken: the cases are not what they should be", asked, taken)
	}

	// Mixed order: A and R that are right but for a point of small order.
	seed := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	digest := sha512.Sum512(seed.Seed())
	secret := clamped(t, digest[:32])
	nonce := clamped(t, digest[32:])
	base := curve.ED25519_BASEPOINT_TABLE
	var a, r curve.EdwardsPoint
	a.MulBasepoint(base, secret)
	r.MulBasepoint(base, nonce)
	if !bytes.Equal(encoded(&a), seed.Public().(ed25519.PublicKey)) {
		t.Fatal("the key is another than that of its seed")
	}
	before := taken
	for _, ta := range torsion(t) {
		for _, tr := range torsion(t) {
			for m := range 8 {
				message := fmt.Appendf(nil, "message %d", m)
				key := encoded(curve.NewEdwardsPoint().Add(&a, ta))
				sig := signedAs(t, key, encoded(curve.NewEdwardsPoint().Add(&r, tr)), message, secret, nonce)
				try(key, message, sig)
				if low := plus(sig[32:], order); low[31] < 0x20 {
					try(key, message, append(bytes.Clone(sig[:32]), low...))
				}
			}
		}
	}
	if got := taken - before; got < 8 || got > 8*64/4 {
		t.Errorf("%d signatures of mixed order are taken: the cases are not what they should be", got)
	}
}

func clamped(t testing.TB, b []byte) *scalar.Scalar {
	t.Helper()
	c := bytes.Clone(b)
	c[0] &= 248
	c[31] = c[31]&63 | 64
	s, err := scalar.New().SetBytesModOrder(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// signedAs makes the signature whose s fits but for points of small order.
func signedAs(t testing.TB, key, r, message []byte, secret, nonce *scalar.Scalar) []byte {
	t.Helper()
	h := sha512.Sum512(append(append(bytes.Clone(r), key...), message...))
	k, err := scalar.New().SetBytesModOrderWide(h[:])
	if err != nil {
		t.Fatal(err)
	}
	s := scalar.New().Mul(k, secret)
	s.Add(s, nonce)
	out := make([]byte, 32)
	if err := s.ToBytes(out); err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(r), out...)
}

func FuzzEd25519(f *testing.F) {
	for i, r := range smallOrder(f) {
		f.Add(bytes.Repeat([]byte{byte(i)}, 32), []byte("message"), r, make([]byte, 32), uint16(i))
	}
	f.Add(make([]byte, 32), []byte{}, []byte{}, order, uint16(0))
	f.Fuzz(func(t *testing.T, seed, message, r, s []byte, flip uint16) {
		if len(seed) != ed25519.SeedSize {
			return
		}
		private := ed25519.NewKeyFromSeed(seed)
		key := private.Public().(ed25519.PublicKey)
		sig := ed25519.Sign(private, message)
		if !sameEd25519(t, key, message, sig) {
			t.Error("a right signature is refused")
		}
		other := bytes.Clone(sig)
		other[int(flip)/8%len(other)] ^= 1 << (flip % 8)
		sameEd25519(t, key, message, other)
		sameEd25519(t, key, message, append(sig[:32:32], plus(sig[32:], order)...))
		sameEd25519(t, key, message, append(bytes.Clone(r), sig[32:]...))
		sameEd25519(t, key, message, append(sig[:32:32], s...))
		sameEd25519(t, key, message, append(bytes.Clone(r), s...))
		sameEd25519(t, seed, message, sig) // any 32 bytes for a key
		if len(r) == ed25519.PublicKeySize {
			sameEd25519(t, r, message, sig)
		}
	})
}

func BenchmarkEd25519(b *testing.B) {
	private := ed25519.NewKeyFromSeed(make([]byte, 32))
	message := make([]byte, 700)
	sig := ed25519.Sign(private, message)
	_, key, err := loadRingKey(private.Public())
	if err != nil {
		b.Fatal(err)
	}
	for name, verify := range map[string]func() bool{
		"standard library": func() bool { return ed25519.Verify(key.ed25519, message, sig) },
		"ledger":           func() bool { return key.verifyEd25519(message, sig) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !verify() {
					b.Fatal("a right signature is refused")
				}
			}
		})
	}
}
