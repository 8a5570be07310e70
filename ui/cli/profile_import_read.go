package cli

import (
	"io"
	"path/filepath"

	"redan/profiles/exchange"
)

// sourceFile is a file to import, or what stands for one.
type sourceFile struct {
	name string
	data []byte
	err  error
}

// sourceFiles are the files named, else standard input, else the variable REDIS_URL.
func (i *importing) sourceFiles() ([]sourceFile, error) {
	if len(i.names) == 0 && !i.sys.InTTY {
		data, err := io.ReadAll(i.stdin)
		if err != nil {
			return nil, err
		}
		if len(data) > 0 {
			return []sourceFile{{name: "standard input", data: data}}, nil
		}
	}
	if len(i.names) == 0 {
		if url, _ := i.sys.Getenv("REDIS_URL"); url != "" {
			return []sourceFile{{name: "REDIS_URL", data: []byte("REDIS_URL=" + url + "\n")}}, nil
		}
		return nil, &usageError{
			text: "redan profile import: what? Give a file, or set REDIS_URL.",
			hint: "redan profile import --help lists the tools whose files are known.",
		}
	}
	var sources []sourceFile
	for _, name := range i.names {
		source := sourceFile{name: name}
		if name == "-" {
			source.name = "standard input"
			source.data, source.err = io.ReadAll(i.stdin)
		} else {
			path, err := filepath.Abs(name)
			if err != nil {
				return nil, err
			}
			source.name = path
			source.data, source.err = i.sys.ReadFile(path)
		}
		sources = append(sources, source)
	}
	return sources, nil
}

func (i *importing) read(source sourceFile) (exchange.Result, error) {
	if source.err != nil {
		return exchange.Result{}, source.err
	}
	if i.flags.From == "" {
		return exchange.Read(source.name, source.data)
	}
	format, err := exchange.ParseFormat(i.flags.From, exchange.Readable())
	if err != nil {
		return exchange.Result{}, err
	}
	return exchange.ReadAs(format, source.name, source.data)
}
