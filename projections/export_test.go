package projections

// Suppress lets tests see what is hidden of a list of counts.
var Suppress = suppress

// TenthsOf lets tests see how counts are cut into tenths, and SuppressTenths
// what is hidden of these.
var (
	TenthsOf       = tenths
	SuppressTenths = suppressTenths
)

// Tells lets tests see which counts are told.
var Tells = tells
