package kurrenttest_test

import (
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

func TestACluster(t *testing.T) {
	leader, _ := filled(t)
	follower := leader.Follower(t)
	if got := strings.Count(leader.ClusterURL(), ","); got != 1 {
		t.Fatalf("the cluster is %s", leader.ClusterURL())
	}
	// A follower hands appends on to the leader, since the client does not
	// send that it wants the leader.
	at := dial(t, follower.URL())
	mustAppend(t, at, "a", esdb.Revision(4), event("5"))
	// It answers reads by itself, be they old.
	follower.Lag()
	mustAppend(t, dial(t, leader.URL()), "a", esdb.Revision(5), event("6"))
	if got := streamTexts(t, at, "a"); got != "012345" {
		t.Errorf("the follower shows %q", got)
	}
	sub := subscribeAll(t, at, esdb.SubscribeToAllOptions{From: esdb.Start{}})
	if got := told(t, sub, 7); got != "0 1 2 3 4 5 live" {
		t.Errorf("told %q", got)
	}
	follower.CatchUp()
	if got := told(t, sub, 1); got != "6" {
		t.Errorf("told %q", got)
	}
	// Without a leader there is no append, until the next one leads.
	leader.Kill()
	wantCode(t, appendTo(t, at, "a", esdb.Revision(6), event("7")), esdb.ErrorUnavailable)
	follower.Elect()
	mustAppend(t, dial(t, leader.ClusterURL()+"&gossipTimeout=1"), "a", esdb.Revision(6), event("7"))
}

func TestNotLeaderLeadsToTheLeader(t *testing.T) {
	first, _ := filled(t)
	second := first.Follower(t)
	c := dial(t, first.URL())
	mustAppend(t, c, "b", esdb.NoStream{}, event("0"))
	second.Elect()
	first.NotLeader(-1, second)
	wantCode(t, appendTo(t, c, "b", esdb.Revision(0), event("1")), esdb.ErrorCodeNotLeader)
	mustAppend(t, c, "b", esdb.Revision(0), event("1")) // the client went over
}
