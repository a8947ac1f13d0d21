package main

import (
	"context"
	"os"
	"runtime/pprof"

	"alchemysh/luabind"
)

func main() {
	s := luabind.New(luabind.Options{})
	src, _ := os.ReadFile(os.Args[1])
	f, _ := os.Create("/tmp/cpu.prof")
	pprof.StartCPUProfile(f)
	_, err := s.Eval(context.Background(), luabind.Chunk{Name: "x", Text: string(src), Script: true})
	pprof.StopCPUProfile()
	if err != nil {
		panic(err)
	}
}
