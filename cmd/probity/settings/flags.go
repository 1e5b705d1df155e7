package settings

import "github.com/spf13/pflag"

// AddFlags adds the flags of a verb's settings. They take any text: [Read]
// says what is wrong with it, along with all else that is.
func AddFlags(flags *pflag.FlagSet, verb string) {
	for _, s := range of(verb) {
		if name := s.Flag(); name != "" && flags.Lookup(name) == nil {
			flags.Var(&flagValue{s.Kind, s.Default}, name, s.Doc)
		}
	}
}

// flagValue is the value of such a flag.
type flagValue struct {
	kind Kind
	text string
}

// String implements [pflag.Value].
func (f *flagValue) String() string { return f.text }

// Set implements [pflag.Value].
func (f *flagValue) Set(text string) error { f.text = text; return nil }

// Type implements [pflag.Value]: what help calls the value.
func (f *flagValue) Type() string {
	switch f.kind {
	case Whole:
		return "int"
	case Duration:
		return "duration"
	case Path:
		return "file"
	}
	return "string"
}
