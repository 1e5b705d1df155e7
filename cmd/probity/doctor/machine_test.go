package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestTheFolder(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	write(t, file, "", 0o600)
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	has(t, "ours", findings(t, &Patient{Dir: dir}, "folder", folder), "ok folder: "+dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	has(t, "open", findings(t, &Patient{Dir: dir}, "folder", folder), "ok folder", "warn folder: others may look into it")
	has(t, "a file", findings(t, &Patient{Dir: file}, "folder", folder), "fail folder: "+file+" is not a folder")
	has(t, "nowhere", findings(t, &Patient{Dir: filepath.Join(dir, "none")}, "folder", folder), "fail folder: there is no ledger here")
	for _, check := range []Check{{Run: space}, {Run: disk}} {
		has(t, "what lies nowhere is told once", findings(t, &Patient{Dir: file}, "x", check.Run))
	}
}

func TestFilesWithSecretsAreClosed(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "ledger.key"), "", 0o600)
	secret := filepath.Join(dir, "password")
	write(t, secret, "", 0o400)
	p := &Patient{Dir: dir, Secrets: []File{{"views-password-file", secret}, {"tls.key", filepath.Join(dir, "none")}}}
	has(t, "closed", findings(t, p, "secret", secrets), "ok secret: 2 files are closed to others")
	for _, test := range []struct {
		path string
		mode os.FileMode
		want string
	}{
		{secret, 0o644, "fail secret: others may read " + secret},
		{secret, 0o440, "fail secret: others may read " + secret},
		{filepath.Join(dir, "ledger.key"), 0o644, "fail key: others may read"},
	} {
		if err := os.Chmod(test.path, test.mode); err != nil {
			t.Fatal(err)
		}
		has(t, test.path, findings(t, p, "secret", secrets), test.want)
		if err := os.Chmod(test.path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheDiskIsMeasuredAndNothingIsLeft(t *testing.T) {
	dir := t.TempDir()
	for _, f := range findings(t, &Patient{Dir: dir}, "disk", disk) {
		if f.Level == Fail {
			t.Error(f.Text)
		}
	}
	if _, err := flushTimes(dir); err != nil {
		t.Skip("files without a name cannot be made here: ", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}

// certificate writes one that ends then.
func certificate(t *testing.T, path string, end time.Time) (key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotBefore: end.Add(-time.Hour), NotAfter: end}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), 0o600)
	write(t, path+".key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})), 0o600)
	return path + ".key"
}

func TestCertificatesEnd(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	certificate(t, at("good"), time.Now().Add(365*24*time.Hour))
	certificate(t, at("soon"), time.Now().Add(3*24*time.Hour))
	certificate(t, at("ended"), time.Now().Add(-time.Hour))
	write(t, at("none"), "nothing", 0o600)
	p := &Patient{}
	for _, name := range []string{"good", "soon", "ended", "none", "nowhere"} {
		p.Certificates = append(p.Certificates, File{"store-ca", at(name)})
	}
	has(t, "files", findings(t, p, "certificate", certificates),
		"ok certificate: the certificate in "+at("good")+" is good until",
		"warn certificate: the certificate in "+at("soon")+" ends soon",
		"fail certificate: the certificate in "+at("ended")+" has ended",
		"fail certificate: store-ca: "+at("none")+": holds no certificate",
		"fail certificate: store-ca: "+at("nowhere")+": open")
	for name, want := range map[string]string{"good": "ok tls", "ended": "fail tls: the certificate", "none": "fail tls"} {
		p := &Patient{}
		p.TLS.Cert, p.TLS.Key = at(name), at(name)+".key"
		has(t, name, findings(t, p, "tls", serverCertificate), want)
	}
}
