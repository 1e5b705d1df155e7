// Package plan executes GraphQL operations on a schema of the library
// github.com/graphql-go/graphql in place of its executor. An operation is
// compiled once and executed by walking the plan and appending JSON: no map for
// an object, members in the order of the query.
//
// # Use
//
//	executor, err := plan.New(&schema, plan.Config{})
//	p, err := executor.Plan(text, document, operation) // parsed and validated
//	result, err := p.Execute(ctx, root, variables)
//
// Parsing, validation, and limits on hostile documents are not done here:
// package guard does them and coerces the variables.
//
// # Plans
//
// A plan holds, for every object type in every place of the operation, the
// fields asked of it, fragments flattened, arguments without variables coerced.
// What hangs on variables is worked out once for a request: arguments, and the
// fields that @skip and @include leave. Executor.Plan keeps the plans used
// last, bounded by their number and by the number of their fields. __schema
// and __type are executed like any other field.
//
// # Resolvers
//
// They are ordinary graphql.FieldResolveFn. ResolveInfo.Path is nil. Args, and
// everything in Info, is shared by all objects that a field is resolved for,
// Args without variables even by all requests: a resolver may keep it and must
// not change it. Context is the context of the request.
//
// A field whose value its source holds already can be told to the executor
// (Config.Typed): how its value is appended, or how to get it. Its resolver is
// then asked only where something is wrong. Consecutive leaves of one object
// have one recover between them, and no value of theirs is put into an any.
//
// A value of type func() (any, error) is lazy. The executor first writes
// everything that is not, then calls all functions it has met, then writes
// their values, then calls the functions met there, and so on. A loader that
// collects keys until the first function is called so loads once for each such
// wave, however many lists and objects ask.
//
// # Memory
//
// An answer is written into a buffer that is used again once Result.Release was
// called; an answer without lazy values is not copied. With it, what is
// allocated for an answer does not grow with its lists.
//
// # Errors
//
// An error has the error of the resolver as it is, the path to the field that
// failed, and the field's offsets in the document. Where null may not stand it
// goes to the nearest parent that may be null; the other fields of what is
// taken back are not resolved any more, and their errors until then stay. The
// order of errors is that of their places in the answer. A panic in a resolver,
// a lazy value, a scalar or a type resolver is the error of that field.
//
// The context is looked at before every object, list element and lazy value,
// among objects of typed leaves alone before every 64th; once it has ended
// nothing more is resolved and Execute returns its error. A resolver that is
// running is waited for: nothing runs on behind the caller.
//
// # Where the library is wrong
//
// The specification is that of October 2021. Each line has its test in
// library_test.go.
//
//   - A lazy value that fails in a non-null field costs the library the whole
//     answer. Here null goes to the nearest nullable parent (6.4.4).
//   - A value that a resolver returns beside an error stands in the library's
//     answer as it is, with fields nobody asked for. Here it is null (6.4.4).
//   - The library loses the extensions of an error in a lazy value.
//   - An Int beyond 32 bits, a Float that is no number, an unknown enum value,
//     or a value that a scalar cannot represent becomes null unsaid, infinity
//     even stands in the data. Here it is an error of the field (3.5, 6.4.3).
//   - An Int beyond 32 bits in the document reaches the resolver. Here it is an
//     error of the field (3.5.1).
//   - An explicit null for a variable or an argument takes the default. Here it
//     is null, and an error where null may not stand (6.1.2, 6.4.1).
//   - The library resolves the lazy values of a mutation after the resolvers of
//     all its fields. Here each field is finished before the next begins (6.2.2).
//   - The library finishes one lazy value before it calls the next, so that a
//     loader loads once for each element of a list, one step further down.
//   - A lazy value that gives another one leaves a function in the data. Here it
//     is called in the next wave.
//   - Fields are resolved and errors listed in random order.
//   - A context that ends makes the library answer and leave its work running.
//   - A panic with what is neither error nor string says nothing but that an
//     unknown error occurred. Here the cause is kept.
//
// # Concurrency
//
// An Executor and a Plan are safe for concurrent use. One request is executed
// in the goroutine that called Execute.
package plan
