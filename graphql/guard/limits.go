package guard

// Limits are the caps of a Guard. DefaultLimits are the figures of the
// project; a zero field means zero, not "without limit".
type Limits struct {
	// Bytes is the longest document. The HTTP layer caps the body as well.
	Bytes int
	// Tokens is the largest number of lexical tokens.
	Tokens int
	// NameLength is the longest name in bytes. Suggestions for a misspelt
	// name cost its length times the length of every candidate.
	NameLength int
	// Depth is the deepest nesting of selection sets, fragments expanded.
	Depth int
	// ValueDepth is the deepest nesting of list and object literals and of
	// brackets in types.
	ValueDepth int

	// Operations and Fragments are the largest numbers of definitions.
	Operations int
	Fragments  int
	// Variables is the largest number that one operation defines.
	Variables int
	// Aliases and Directives are counted over the document as written.
	Aliases    int
	Directives int

	// ExpandedFields is the largest number of fields and spreads once all
	// fragments are expanded, before any multiplication.
	ExpandedFields int64
	// RepeatedKey is how often one response name may stand in one place,
	// MergePairs how many pairs of equal response names a document may hold.
	RepeatedKey int
	MergePairs  int

	// Cost is the largest cost of one operation.
	Cost int64
	// PageSize is taken for a list, DefaultPage for a connection that is asked
	// for without first or last: it is the page that is answered then.
	PageSize    int64
	DefaultPage int64

	// IntrospectionDepth takes the place of Depth below __schema and __type.
	IntrospectionDepth int
	// IntrospectionLists is how deep fields, inputFields, interfaces and
	// possibleTypes of __Type may be nested in each other.
	IntrospectionLists int
	// Introspections is how often __schema and __type may be asked, and
	// IntrospectionCost what each costs beside its fields: the whole schema is
	// walked for it.
	Introspections    int64
	IntrospectionCost int64

	// Errors is the largest number of validation errors reported.
	Errors int
	// Cached is the number of documents kept, CachedBytes the longest text
	// kept. A parsed document takes up to some hundred bytes a token.
	Cached      int
	CachedBytes int
}

// DefaultLimits returns the limits of the project.
func DefaultLimits() Limits {
	return Limits{
		Bytes:      64 << 10,
		Tokens:     1000,
		NameLength: 128,
		Depth:      15,
		ValueDepth: 10,

		Operations: 20,
		Fragments:  60,
		Variables:  100,
		Aliases:    100,
		Directives: 60,

		ExpandedFields: 5000,
		RepeatedKey:    50,
		MergePairs:     5000,

		Cost:        125_000,
		PageSize:    20,
		DefaultPage: 50,

		IntrospectionDepth: 16,
		IntrospectionLists: 2,
		Introspections:     2,
		IntrospectionCost:  4000,

		Errors:      10,
		Cached:      200,
		CachedBytes: 8 << 10,
	}
}
