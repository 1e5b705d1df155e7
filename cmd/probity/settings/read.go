package settings

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Sources are where the settings of a verb are read from. Flags weigh most,
// then the environment, then the file, then the defaults.
type Sources struct {
	Verb string
	// File is the path of the settings file; none when empty.
	File string
	// Environ is the environment as KEY=VALUE. An empty value sets nothing.
	Environ []string
	// Flags are those that [AddFlags] put there; may be nil.
	Flags *pflag.FlagSet
}

// Read reads the settings. What is wrong with them [Values.Err] says.
func Read(src Sources) *Values {
	v := &Values{
		settings: map[string]Setting{}, file: src.File,
		said: map[string]said{}, places: map[string]Origin{}, entries: map[string]int{}, names: map[string][]string{},
	}
	for _, s := range of(src.Verb) {
		v.settings[s.Name] = s
	}
	if src.File != "" {
		v.readFile(tree(writtenFor(src.Verb)))
	}
	v.readEnvironment(src.Verb, src.Environ)
	if src.Flags != nil {
		v.readFlags(src.Verb, src.Flags)
	}
	return v
}

// writtenFor is the verb that a settings file is for: a witness has one of its
// own, all others share that of the server.
func writtenFor(verb string) string {
	if verb == Witness {
		return Witness
	}
	return Serve
}

func (v *Values) readFlags(verb string, flags *pflag.FlagSet) {
	for _, s := range of(verb) {
		name := s.Flag()
		if name == "" {
			continue
		}
		if f := flags.Lookup(name); f != nil && f.Changed {
			v.set(s, f.Value.String(), Origin{Flag: name})
		}
	}
}

// readEnvironment takes what stands in variables of the list, and says which
// of the others are probably meant to be on it.
func (v *Values) readEnvironment(verb string, environ []string) {
	found := map[string]string{}
	for _, pair := range environ {
		if name, value, ok := strings.Cut(pair, "="); ok && value != "" && strings.HasPrefix(name, "PROBITY_") {
			found[name] = value
		}
	}
	for _, s := range of(verb) {
		if text, ok := found[s.Variable()]; ok && s.Variable() != "" {
			v.set(s, text, Origin{Variable: s.Variable()})
		}
	}
	var known []string
	for _, s := range All() { // those of other verbs are no mistake
		known = append(known, s.Variable())
	}
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if _, ok := found[name]; !ok || slices.Contains(known, name) || ofCluster(name) {
			continue
		}
		short := strings.TrimPrefix(name, "PROBITY_")
		for _, variable := range known {
			if other := strings.TrimPrefix(variable, "PROBITY_"); other != "" && near(short, []string{other}) != "" {
				v.mistakes = append(v.mistakes, Mistake{Origin: Origin{Variable: name}, Reason: "there is no such variable; do you mean " + variable + "?"})
				break
			}
		}
	}
}

// ofCluster tells a variable that Kubernetes sets for a service of that name.
func ofCluster(name string) bool {
	return strings.HasPrefix(name, "PROBITY_SERVICE_") || strings.HasPrefix(name, "PROBITY_PORT")
}

// set takes a value from outside the file, in place of what stands there.
func (v *Values) set(s Setting, text string, at Origin) {
	v.forget(s.Name)
	v.places[s.Name] = at
	switch {
	case s.split != nil:
		entries, err := s.split(text)
		if err != nil {
			v.mistakes = append(v.mistakes, Mistake{Origin: at, Field: s.Name, Reason: err.Error()})
			return
		}
		v.entries[s.Name] = len(entries)
		for i, entry := range entries {
			v.places[Entry(s.Name, i)] = at
			for name, text := range entry {
				v.take(v.settings[s.Name+"[]."+name], Entry(s.Name, i)+"."+name, text, at)
			}
		}
	case s.list():
		for i, one := range strings.Split(text, ",") {
			v.entries[s.Name] = i + 1
			v.take(s, Entry(s.Name, i), strings.TrimSpace(one), at)
		}
	default:
		v.take(s, s.Name, text, at)
	}
}

// forget drops what the file says of a setting.
func (v *Values) forget(name string) {
	of := func(key string) bool { return key == name || strings.HasPrefix(key, name+"[") }
	for key := range v.said {
		if of(key) {
			delete(v.said, key)
		}
	}
	for key := range v.places {
		if of(key) {
			delete(v.places, key)
		}
	}
	for key := range v.entries {
		if of(key) {
			delete(v.entries, key)
		}
	}
}
