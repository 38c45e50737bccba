// Package graph is the GraphQL edge: the generated executor and the server around it.
package graph

//go:generate go run sidereal/internal/directwriter
//go:generate go run sidereal/internal/plainlists ../schema.graphqls schema.generated.go
//go:generate go run sidereal/internal/deferred root_.generated.go schema.generated.go prelude.generated.go
