package notary

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Source is where a copy of a log lies.
type Source interface {
	// Read returns the file of that name, which must not be longer than max
	// bytes. It fails with [ErrNotThere] when there is none and [ErrOversize]
	// when it is longer.
	Read(ctx context.Context, name string, max int64) ([]byte, error)
	// String says where it is, for people.
	String() string
}

var (
	// ErrNotThere: the copy lacks a file.
	ErrNotThere = errors.New("the copy has no such file")
	// ErrOversize: a file is longer than it may be.
	ErrOversize = errors.New("file is longer than it may be")
	// ErrForbidden: a server does not show the file to us.
	ErrForbidden = errors.New("the server asks for a token that may read it")
)

// OpenSource opens a folder, or a log that a server shows. token, when not
// empty, is sent to that server as a bearer token.
func OpenSource(where, token string) (Source, error) {
	if !strings.HasPrefix(where, "http://") && !strings.HasPrefix(where, "https://") {
		info, err := os.Stat(where)
		if err != nil {
			return nil, fmt.Errorf("open the copy: %w", err)
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("open the copy: %s is not a folder", where)
		}
		return folder(where), nil
	}
	u, err := url.Parse(where)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("open the copy: %q is not the address of a log", where)
	}
	transport := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		MaxIdleConnsPerHost:   maxPrefetch,
		DisableCompression:    true, // what is sent is what is counted
	}
	return &server{base: u, token: token, client: &http.Client{Transport: transport, Timeout: requestTime}}, nil
}

// folder is a copy on this machine.
type folder string

func (f folder) String() string { return string(f) }

func (f folder) Read(_ context.Context, name string, max int64) ([]byte, error) {
	file, err := os.Open(filepath.Join(string(f), filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", name, ErrNotThere)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(fmt.Errorf("%s is not a file", name), err)
	}
	return readBounded(file, name, max)
}

func readBounded(r io.Reader, name string, max int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, max+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if int64(len(data)) > max {
		return nil, fmt.Errorf("%s: %w: at most %d bytes", name, ErrOversize, max)
	}
	return data, nil
}

const (
	// requestTime bounds one download, from the first byte sent to the last
	// received.
	requestTime = time.Minute
	// A download that fails without a verdict is tried again.
	tries = 3
	pause = 250 * time.Millisecond
)

// server is a log shown over HTTP.
type server struct {
	base   *url.URL
	token  string
	client *http.Client
}

func (s *server) String() string { return s.base.String() }

func (s *server) Read(ctx context.Context, name string, max int64) ([]byte, error) {
	var err error
	for try := range tries {
		if try > 0 {
			select {
			case <-time.After(pause << (try - 1)):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		var data []byte
		var again bool
		if data, again, err = s.once(ctx, name, max); err == nil || !again {
			return data, err
		}
	}
	return nil, err
}

// once asks once; again tells that another time may go better.
func (s *server) once(ctx context.Context, name string, max int64) (data []byte, again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base.JoinPath(name).String(), nil)
	if err != nil {
		return nil, false, err
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, ctx.Err() == nil, fmt.Errorf("download %s: %w", name, err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return nil, false, fmt.Errorf("%s: %w", name, ErrNotThere)
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		return nil, false, fmt.Errorf("download %s: %w", name, ErrForbidden)
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500:
		return nil, true, fmt.Errorf("download %s: the server answers %s", name, res.Status)
	case res.StatusCode != http.StatusOK:
		return nil, false, fmt.Errorf("download %s: the server answers %s", name, res.Status)
	case res.ContentLength > max:
		return nil, false, fmt.Errorf("%s: %w: at most %d bytes", name, ErrOversize, max)
	}
	data, err = readBounded(res.Body, name, max)
	return data, err != nil && !errors.Is(err, ErrOversize) && ctx.Err() == nil, err
}
