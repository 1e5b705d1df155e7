package edge

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// writePair writes a certificate of that serial number and its key.
func writePair(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "probity.example"}, DNSNames: []string{"probity.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACertificateThatChangesIsReadAnew(t *testing.T) {
	cert, key := filepath.Join(t.TempDir(), "tls.crt"), filepath.Join(t.TempDir(), "tls.key")
	quiet := slog.New(slog.DiscardHandler)
	if _, err := LoadCertificate(cert, key, quiet); err == nil {
		t.Fatal("loaded what is not there")
	}
	writePair(t, cert, key, 1)
	c, err := LoadCertificate(cert, key, quiet)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = c.TLS()
	server.StartTLS()
	defer server.Close()
	serial := func() int64 {
		conn, err := tls.Dial("tcp", server.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, ServerName: "probity.example"})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	// due makes the next handshake look at the files.
	due := func() { c.mu.Lock(); c.looked = time.Time{}; c.mu.Unlock() }
	writePair(t, cert, key, 2)
	if got := serial(); got != 1 {
		t.Errorf("certificate %d before it is looked at", got)
	}
	due()
	if got := serial(); got != 2 {
		t.Errorf("certificate %d, want the new one", got)
	}
	if err := os.WriteFile(cert, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	due()
	if got := serial(); got != 2 {
		t.Errorf("certificate %d while the file is broken", got)
	}
	writePair(t, cert, key, 3)
	due()
	if got := serial(); got != 3 || c.Expires().Before(time.Now()) {
		t.Errorf("certificate %d until %v after the file is whole again", got, c.Expires())
	}
}
