// Command helm-files says which files of a chart's folder helm loads. The tests compare Lockstep's reading of .helmignore with it:
// one process answers thousands of questions, which would be as many processes of helm.
//
// Each line of its input is a JSON object: a folder, and the text to put into the folder's .helmignore. Each line of its output is the
// answer: the paths that helm loads, and why it refuses the chart, if it does. A chart whose Chart.yaml is left out is refused with
// all paths that are not.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/ignore"
)

// Written in by the linker.
var version = "0.0.0"

type question struct {
	Folder string `json:"folder"`
	Ignore string `json:"ignore"`
}

type answer struct {
	Files []string `json:"files"`
	Error string   `json:"error,omitempty"`
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "version" {
		fmt.Println(version)
		return
	}
	// The loader reports each link and each pattern that matches nothing.
	slog.SetDefault(slog.New(slog.DiscardHandler))
	out := bufio.NewWriter(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var asked question
		fail(json.Unmarshal(lines.Bytes(), &asked))
		fail(os.WriteFile(filepath.Join(asked.Folder, ignore.HelmIgnore), []byte(asked.Ignore), 0o600))
		fail(json.NewEncoder(out).Encode(load(asked.Folder)))
	}
	fail(lines.Err())
	fail(out.Flush())
}

func load(folder string) answer {
	found := answer{Files: []string{}}
	// Even beside an error it returns a chart, with what it had read until then.
	chart, err := loader.LoadDir(folder)
	for _, file := range chart.Raw {
		found.Files = append(found.Files, file.Name)
	}
	if err != nil {
		found.Error = err.Error()
	}
	return found
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "helm-files:", err)
		os.Exit(1)
	}
}
