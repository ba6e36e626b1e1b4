module lockstep.dev/toolchain/gh

go 1.26.0

require github.com/cli/cli/v2 v2.96.0
