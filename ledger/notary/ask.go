package notary

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/mod/sumdb/tlog"
)

// maxAnswer is the longest answer of a witness that is read, in bytes.
const maxAnswer = 16 << 10

// errOtherHistory: a witness confirmed what this log does not continue.
var errOtherHistory = errors.New("it confirmed another history under this log's name")

// asker asks one witness. One request is under way at a time.
type asker struct {
	witness Witness
	address string
	client  *http.Client
	known   int64 // what the witness cosigned last, as far as we know
}

func newAsker(w Witness, client *http.Client) (*asker, error) {
	u, err := url.Parse(w.URL)
	if err != nil {
		return nil, err
	}
	return &asker{witness: w, address: u.JoinPath("add-checkpoint").String(), client: client}, nil
}

// newWitnessClient follows no redirect: a witness is who was named.
func newWitnessClient(timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: timeout}).DialContext,
			TLSHandshakeTimeout:    timeout,
			IdleConnTimeout:        time.Minute,
			MaxIdleConnsPerHost:    1,
			MaxResponseHeaderBytes: maxAnswer,
			DisableCompression:     true, // what is sent is what is counted
		},
	}
}

// cosign asks for the cosignature of a checkpoint, at most three times: with
// the size the witness is thought to know, and with that which it says.
func (a *asker) cosign(ctx context.Context, c Checkpoint, hashes tlog.HashReader) (string, Cosignature, error) {
	for range 3 {
		if a.known > c.Size {
			known := a.known
			a.known = 0 // whatever it was, the next time is another
			return "", Cosignature{}, fmt.Errorf("%w: one of %d events, and this log has %d", errOtherHistory, known, c.Size)
		}
		body, err := requestBody(a.known, c, hashes)
		if err != nil {
			return "", Cosignature{}, err
		}
		answer, size, err := a.post(ctx, body)
		if err != nil {
			return "", Cosignature{}, err
		}
		if size >= 0 {
			if size == a.known {
				return "", Cosignature{}, fmt.Errorf("it says that it does not know the size %d, and that it knows it", size)
			}
			a.known = size
			continue
		}
		text, _ := signatures(c.Note)
		line, cosignature, err := a.witness.Key.cosignatureIn(text, answer)
		if err == nil {
			a.known = c.Size
		}
		return line, cosignature, err
	}
	return "", Cosignature{}, errors.New("it says another size each time it is asked")
}

// requestBody is the body of an add-checkpoint request.
func requestBody(old int64, c Checkpoint, hashes tlog.HashReader) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "old %d\n", old)
	if old > 0 && old < c.Size {
		proof, err := tlog.ProveTree(c.Size, old, hashes)
		if err != nil {
			return nil, fmt.Errorf("prove that the log grew from %d to %d events: %w", old, c.Size, err)
		}
		for _, h := range proof {
			b.WriteString(h.String() + "\n")
		}
	}
	b.WriteByte('\n')
	b.Write(c.Note)
	return b.Bytes(), nil
}

// post returns the answer, or the size that the witness knows instead; -1
// where it is content with the one sent.
func (a *asker) post(ctx context.Context, body []byte) ([]byte, int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.address, bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	res, err := a.client.Do(req)
	if err != nil {
		if ue, ok := errors.AsType[*url.Error](err); ok {
			err = ue.Err
		}
		return nil, 0, fmt.Errorf("it cannot be reached: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, 0, fmt.Errorf("its answer broke off: %w", err)
	}
	if len(answer) > maxAnswer {
		return nil, 0, fmt.Errorf("its answer is longer than %d bytes", maxAnswer)
	}
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	switch {
	case res.StatusCode == http.StatusOK:
		return answer, -1, nil
	case res.StatusCode == http.StatusConflict && kind == "text/x.tlog.size":
		text := strings.TrimSuffix(string(answer), "\n")
		size, err := strconv.ParseInt(text, 10, 64)
		if err != nil || size < 0 || strconv.FormatInt(size, 10) != text {
			return nil, 0, fmt.Errorf("it answers %s with a size that is none", res.Status)
		}
		return nil, size, nil
	}
	err = fmt.Errorf("it answers %s: %s", res.Status, excerpt(answer))
	if res.StatusCode == http.StatusConflict || res.StatusCode == http.StatusUnprocessableEntity {
		err = fmt.Errorf("%w: %w", errOtherHistory, err)
	}
	return nil, 0, err
}

// excerpt makes the beginning of an answer fit for a log line.
func excerpt(answer []byte) string {
	line, _, _ := strings.Cut(string(answer[:min(len(answer), 160)]), "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, line)
}
