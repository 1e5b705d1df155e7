package edge

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// lookEvery is how often the files of a certificate are looked at.
const lookEvery = 30 * time.Second

// Certificate is a TLS certificate and its key in PEM files. Files that change
// are read anew; as long as they cannot be, the last good pair goes on.
type Certificate struct {
	cert, key string
	log       *slog.Logger

	mu     sync.Mutex // guards what follows
	pair   *tls.Certificate
	stamp  string
	looked time.Time
}

// LoadCertificate reads a certificate chain and its key.
func LoadCertificate(cert, key string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{cert: cert, key: key, log: log}
	if err := c.load(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Certificate) load() error {
	stamp := c.stampNow()
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("read the TLS certificate: %w", err)
	}
	c.pair, c.stamp, c.looked = &pair, stamp, time.Now()
	return nil
}

// stampNow tells one state of the files from another.
func (c *Certificate) stampNow() string {
	stamp := ""
	for _, path := range []string{c.cert, c.key} {
		if info, err := os.Stat(path); err == nil {
			stamp += fmt.Sprintf("%d %d;", info.ModTime().UnixNano(), info.Size())
		}
	}
	return stamp
}

// Expires is when the certificate ends.
func (c *Certificate) Expires() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pair.Leaf.NotAfter
}

// TLS is the config of a server with this certificate.
func (c *Certificate) TLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: c.get}
}

func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) >= lookEvery {
		c.looked = time.Now()
		if c.stampNow() != c.stamp {
			if err := c.load(); err != nil {
				c.log.Error("the TLS certificate has changed and cannot be read; the earlier one goes on", "err", err)
			} else {
				c.log.Info("the TLS certificate is read anew", "expires", c.pair.Leaf.NotAfter)
			}
		}
	}
	return c.pair, nil
}
