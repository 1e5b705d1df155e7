// Package feed serves the rows of package roster over HTTP, for systems that
// follow what changes in record files: pages of NDJSON or CSV, each with a
// cursor for the next (docs/hr-feed.md).
//
// [Handler] expects the principal that package signin puts into the context,
// and to stand behind package edge. It shows what the Reader of the principal
// shows, to the roles in [Roles] alone. A page is made, then noted as read,
// then sent: where it cannot be noted it is not shown.
package feed
