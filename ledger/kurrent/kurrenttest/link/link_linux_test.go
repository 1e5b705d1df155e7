package link_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest/link"
)

func TestMain(m *testing.M) {
	kurrenttest.Main()
	m.Run()
}

// far starts a server in the other network.
func far(t *testing.T) (*link.Link, *kurrenttest.Process) {
	t.Helper()
	l := link.New(t)
	return l, kurrenttest.StartProcess(t, link.There+":2113", filepath.Join(t.TempDir(), "events"), l.Under()...)
}

func TestALinkDelaysLosesAndCuts(t *testing.T) { link.Isolate(t, delaysLosesAndCuts) }

func delaysLosesAndCuts(t *testing.T) {
	l, server := far(t)
	c, err := esdb.ParseConnectionString(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	c.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(c)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	try := func(patience time.Duration) (time.Duration, error) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		began := time.Now()
		_, err := client.AppendToStream(ctx, "a", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}},
			esdb.EventData{EventID: uuid.New(), EventType: "test", ContentType: esdb.ContentTypeBinary, Data: []byte("x")})
		return time.Since(began), err
	}
	if _, err := try(10 * time.Second); err != nil {
		t.Fatalf("on a whole line: %v", err)
	}
	l.Delay(30 * time.Millisecond)
	if took, err := try(10 * time.Second); err != nil || took < 60*time.Millisecond {
		t.Errorf("with 30 ms either way it took %v, %v", took, err)
	}
	l.Delay(0)
	l.Cut()
	if took, err := try(200 * time.Millisecond); err == nil || took < 200*time.Millisecond {
		t.Errorf("on a line that was cut it took %v, %v", took, err)
	}
	l.Mend()
	if _, err := try(10 * time.Second); err != nil {
		t.Errorf("on a line that was mended: %v", err)
	}
	l.Lose(200)
	for range 20 {
		if _, err := try(20 * time.Second); err != nil {
			t.Errorf("on a line that loses packets: %v", err)
		}
	}
	carried, dropped := l.Packets()
	if carried == 0 || dropped == 0 {
		t.Errorf("%d packets were carried and %d dropped", carried, dropped)
	}
	t.Logf("%d packets were carried and %d dropped", carried, dropped)
}
