package domain

// TracebackRules govern the tracing of responsibility 责任倒查.
type TracebackRules struct {
	// Conclude is how long a trace may take from its opening; zero means no
	// such rule.
	Conclude Term
	// Chain is the source of "leaders and supervisors answer for what
	// somebody under them did, not for what nobody did".
	Chain string
	// OneMeasure is the source of "one act is not sanctioned twice".
	OneMeasure string
	// Separation is the source of "who traced does not conclude", and of
	// "nobody concerned takes a step".
	Separation string
}
