package kurrenttest

import (
	"context"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
)

// cluster is the nodes over one log. They share it in memory, so there is no
// replication that could lose anything; what a follower shows may lag.
type cluster struct {
	mu     sync.Mutex
	nodes  []*Server
	leader *Server
}

func (c *cluster) join(s *Server) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nodes = append(c.nodes, s)
	if c.leader == nil {
		c.leader = s
	}
}

// leave takes a node out; last: there is none left.
func (c *cluster) leave(s *Server) (last bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nodes = slices.DeleteFunc(c.nodes, func(n *Server) bool { return n == s })
	if c.leader == s {
		c.leader = nil
	}
	return len(c.nodes) == 0
}

// leading returns the node that leads, nil when it is not alive.
func (c *cluster) leading() *Server {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leader == nil || !c.leader.alive.Load() {
		return nil
	}
	return c.leader
}

// Follower runs another node over the same events, until the test ends. It
// answers reads by itself and hands appends on to the leader, as a real
// follower does for a caller that does not insist on the leader. While the
// leader is dead it takes no append.
func (s *Server) Follower(t testing.TB) *Server {
	t.Helper()
	return start(t, func() (*Server, error) {
		f := &Server{options: s.options, log: s.log, cluster: s.cluster, tls: s.tls}
		if err := f.begin("127.0.0.1:0"); err != nil {
			s.cluster.leave(f)
			return nil, err
		}
		return f, nil
	})
}

// Elect makes the node the leader.
func (s *Server) Elect() {
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	s.cluster.leader = s
	s.shows.Store(end)
}

// Lag lets the node show nothing of what is recorded from now on, as a
// follower that is cut off from its leader, until CatchUp.
func (s *Server) Lag() {
	s.log.mu.RLock()
	defer s.log.mu.RUnlock()
	s.shows.Store(s.log.next)
}

// CatchUp ends Lag.
func (s *Server) CatchUp() {
	s.shows.Store(end)
	s.log.wake()
}

// ClusterURL is the connection string that names all nodes.
func (s *Server) ClusterURL() string {
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	var hosts []string
	for _, n := range s.cluster.nodes {
		hosts = append(hosts, n.Addr())
	}
	return strings.Replace(s.URL(), s.Addr(), strings.Join(hosts, ","), 1)
}

// gossipService says which nodes there are and who leads.
type gossipService struct {
	gossip.UnimplementedGossipServer
	cluster *cluster
}

// Read implements the service Gossip.
func (g *gossipService) Read(context.Context, *shared.Empty) (*gossip.ClusterInfo, error) {
	return &gossip.ClusterInfo{Members: g.cluster.members()}, nil
}

// members are the nodes as they tell each other of themselves.
func (c *cluster) members() []*gossip.MemberInfo {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []*gossip.MemberInfo
	for i, n := range c.nodes {
		state := gossip.MemberInfo_Follower
		if n == c.leader {
			state = gossip.MemberInfo_Leader
		}
		host, port := n.endpoint()
		out = append(out, &gossip.MemberInfo{
			InstanceId:   &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{LeastSignificantBits: int64(i + 1)}}},
			TimeStamp:    time.Now().UnixNano() / 100,
			State:        state,
			IsAlive:      n.alive.Load(),
			HttpEndPoint: &gossip.EndPoint{Address: host, Port: uint32(port)},
		})
	}
	return out
}

// endpoint is where the node is reached.
func (s *Server) endpoint() (host string, port int) {
	host, p, _ := net.SplitHostPort(s.Addr())
	port, _ = strconv.Atoi(p)
	return host, port
}
