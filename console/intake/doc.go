// Package intake is where the public hands in complaints and asks what became
// of them.
package intake
