module lockstep.dev/toolchain/buildkit

go 1.26

require github.com/moby/buildkit v0.31.1
