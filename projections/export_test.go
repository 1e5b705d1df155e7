package projections

// Suppress lets tests see what is hidden of a list of counts.
var Suppress = suppress
