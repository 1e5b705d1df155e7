package main

import (
	"errors"
	"os"

	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/graphql/hooks"
)

// hooksFrom reads the webhooks out of the settings.
func (a *app) hooksFrom(v *settings.Values) []hooks.Hook {
	var out []hooks.Hook
	for i := range v.Entries("webhooks") {
		field := settings.Entry("webhooks", i)
		h := a.hookFrom(v, field)
		for _, other := range out {
			if other.Name == h.Name && h.Name != "" {
				v.Wrong(field+".name", "%q stands there twice", h.Name)
			}
		}
		out = append(out, h)
	}
	return out
}

func (a *app) hookFrom(v *settings.Values, field string) hooks.Hook {
	at := func(name string) string { return field + "." + name }
	h := hooks.Hook{
		Name: v.Text(at("name")), URL: v.Text(at("url")), Role: domain.Role(v.Text(at("role"))), Units: as[domain.UnitID](v.Texts(at("units"))),
		Records: v.On(at("records")), Attempts: int(v.Whole(at("attempts"))), Networks: v.Networks(at("networks")), Plain: v.On(at("allow-plain")),
		Keys: a.hookKeys(v, field),
	}
	var err error
	if patterns := v.Texts(at("kinds")); len(patterns) > 0 {
		if h.Kinds, err = hooks.Kinds(catalog.New(), patterns); err != nil {
			v.Wrong(at("kinds"), "%w", err)
		}
	}
	if path := v.Path(at("ca")); path != "" {
		if h.Roots, err = roots(path); err != nil {
			v.Wrong(at("ca"), "%s: %w", path, err)
		}
	}
	// Of a part that is wrong already nothing more is to be said.
	for _, err := range each(h.Check()) {
		wrong, ok := errors.AsType[*hooks.FieldError](err)
		switch {
		case !ok:
			v.Wrong(field, "%w", err)
		case v.Good(at(wrong.Field)):
			v.Wrong(at(wrong.Field), "%s", wrong.Message)
		}
	}
	return h
}

// each are the errors that one joins.
func each(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return nil
}

// hookKeys reads the keys that a webhook signs with.
func (a *app) hookKeys(v *settings.Values, field string) hooks.Keys {
	file, env := field+".secret-file", field+".secret-env"
	var text, from string
	switch path := v.Path(file); {
	case v.Said(file) && v.Said(env):
		v.Wrong(env, "says where the key is, and so does secret-file: leave one of them out")
		return nil
	case path != "":
		raw, err := os.ReadFile(path)
		if err != nil {
			v.Wrong(file, "%w", err)
			return nil
		}
		text, from = string(raw), file
	case v.Said(env):
		if text, from = a.env(v.Text(env)), env; text == "" {
			v.Wrong(env, "names a variable that is not set")
			return nil
		}
	default:
		return nil
	}
	keys, err := hooks.ParseKeys(text)
	if err != nil {
		v.Wrong(from, "%w", err)
	}
	return keys
}
