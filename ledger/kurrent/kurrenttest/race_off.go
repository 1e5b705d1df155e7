//go:build !race

package kurrenttest

const raceDetector = false
