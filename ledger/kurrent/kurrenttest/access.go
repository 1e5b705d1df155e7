package kurrenttest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
)

// right is what a caller wants to do with a stream.
type right int

const (
	toRead right = iota
	toWrite
	toDelete
)

// admins may do everything.
const admins = "$admins"

// everyone stands for every user in a list of roles.
const everyone = "$all"

// allow refuses a caller who may not do something with a stream, or whose
// password is wrong. The rules are those of `LegacyStreamPermissionAssertion`:
// the stream's own list, else the one of $settings, else the default: system
// streams for administrators, all other streams for every user. Callers who
// do not sign in may do nothing (`AllowAnonymousStreamAccess` is off).
func (s *service) allow(ctx context.Context, name string, what right) error {
	if name == "" {
		return errInvalid("a stream has a name")
	}
	if s.options.Users == nil {
		return nil
	}
	held, err := s.rolesOf(ctx)
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return errAccessDenied()
	}
	if slices.Contains(held, admins) {
		return nil
	}
	for _, role := range s.log.mayDo(name, what) {
		if role == everyone || slices.Contains(held, role) {
			return nil
		}
	}
	return errAccessDenied()
}

// rolesOf returns who is calling: name and roles, none when nobody signed in.
func (s *service) rolesOf(ctx context.Context) (roles, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	if given := md.Get("authorization"); len(given) > 0 {
		encoded, _ := strings.CutPrefix(given[0], "Basic ")
		plain, err := base64.StdEncoding.DecodeString(encoded)
		name, password, _ := strings.Cut(string(plain), ":")
		u, ok := s.options.Users[name]
		if err != nil || !ok || u.Password == "" || u.Password != password {
			return nil, errUnauthenticated()
		}
		return append(roles{name}, u.Roles...), nil
	}
	p, _ := peer.FromContext(ctx)
	tls, ok := p.AuthInfo.(credentials.TLSInfo)
	if !ok || len(tls.State.VerifiedChains) == 0 {
		return nil, nil
	}
	name := tls.State.VerifiedChains[0][0].Subject.CommonName
	u, ok := s.options.Users[name]
	if !ok {
		return nil, errUnauthenticated()
	}
	return append(roles{name}, u.Roles...), nil
}

// mayDo lists the roles that may do something with a stream.
func (l *log) mayDo(name string, what right) roles {
	l.mu.RLock()
	defer l.mu.RUnlock()
	of, isMeta := metaOf(name)
	if !isMeta {
		of = name
	}
	if s := l.streams[of]; s != nil && s.meta.acl != nil {
		if r := s.meta.acl.of(what, isMeta); r != nil {
			return r
		}
	}
	system := strings.HasPrefix(of, "$")
	if r := l.settings(system).of(what, isMeta); r != nil {
		return r
	}
	if system {
		return roles{admins}
	}
	return roles{everyone}
}

// of returns the roles for a right; nil when the list does not say.
func (a *acl) of(what right, isMeta bool) roles {
	switch {
	case a == nil:
		return nil
	case isMeta && what == toRead:
		return a.MetaRead
	case isMeta:
		return a.MetaWrite
	case what == toRead:
		return a.Read
	case what == toWrite:
		return a.Write
	}
	return a.Delete
}

// settings returns the default list that the stream $settings holds; nil when
// it says nothing. The caller holds mu.
func (l *log) settings(system bool) *acl {
	s := l.streams["$settings"]
	if s == nil || s.at(s.last) == nil {
		return nil
	}
	var defaults map[string]json.RawMessage
	if json.Unmarshal(s.at(s.last).data, &defaults) != nil {
		return nil
	}
	name := "$userStreamAcl"
	if system {
		name = "$systemStreamAcl"
	}
	return parseACL(defaults[name])
}
