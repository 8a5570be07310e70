package cli

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strconv"

	"redan/conn/cert"
	"redan/conn/cert/issue"
)

type certBundleFlags struct {
	CA          bool   `name:"ca"`
	WithRoot    bool   `name:"with-root"`
	Out         string `name:"out" placeholder:"FILE"`
	KeyPassFile string `name:"key-pass-file" placeholder:"FILE"`
	Force       bool   `name:"force"`
}

const certBundleHelp = `Put loose certificates together in one PEM file, in order.

  redan cert bundle node.crt intermediate.crt --out chain.crt
  redan cert bundle *.crt > chain.crt
  redan cert bundle node.p7b root.cer --with-root
  redan cert bundle --ca root-eu.crt root-us.crt --out ca.crt

The certificate of the server (or client) comes first, then each
next one the issuer of the one before: what tls-cert-file and
--cert take. The files may be PEM, DER, PKCS#7 or PKCS#12, and -
is standard input. What is left out and what is missing is said
on standard error. Private keys are never written.

  --ca                  make a CA bundle instead, of all roots:
                        what tls-ca-cert-file and --cacert take
  --with-root           keep the root at the end of the chain
  --out FILE            write there (default: standard output)
  --key-pass-file FILE  the passphrase of a PKCS#12 file; else
                        REDAN_KEY_PASS, else it is asked
  --force               replace FILE if it is there
`

func certBundle(_ context.Context, a *app, args []string) int {
	var flags certBundleFlags
	inv, err := parseVerb(args, &flags, false)
	switch {
	case err != nil:
		return a.fail(err)
	case inv.help:
		a.print(certBundleHelp)
		return exitOK
	case len(inv.command) == 0:
		return a.fail(&usageError{text: "cert bundle needs files of certificates", hint: "redan cert bundle node.crt intermediate.crt --out chain.crt"})
	case flags.CA && flags.WithRoot:
		return a.fail(excludes("--ca", "--with-root"))
	}
	sources, err := a.sources(inv.command, flags.KeyPassFile)
	if err != nil {
		return a.fail(err)
	}
	var bundle issue.Bundle
	if flags.CA {
		bundle, err = issue.Trust(sources, a.sys.Now())
	} else {
		bundle, err = issue.Chain(sources, flags.WithRoot, a.sys.Now())
	}
	if err != nil {
		return a.fail(err)
	}
	if err := a.writeBundle(bundle, flags); err != nil {
		return a.fail(err)
	}
	return exitOK
}

// sources reads the files. One that holds no certificate at all is passed over: people name *.
func (a *app) sources(paths []string, passFile string) ([]issue.Source, error) {
	var sources []issue.Source
	for _, path := range paths {
		data, err := a.readFileOrStdin(path)
		if err != nil {
			return nil, unreadable(path, err)
		}
		held, err := cert.LoadCertificates(path, data, a.keyPassphrase(passFile))
		var fault *cert.FileError
		switch {
		case errors.As(err, &fault) && fault.Code == cert.CodeFileNoCertificate:
			a.warn(printable("left out " + path + ", which " + fault.Detail))
			continue
		case err != nil:
			return nil, err
		}
		for _, note := range held.Notes {
			a.warn(printable(note))
		}
		sources = append(sources, issue.Source{Path: path, Certificates: held.Certificates})
	}
	return sources, nil
}

func (a *app) readFileOrStdin(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(io.LimitReader(a.stdin, maxStdinFile))
	}
	return a.sys.ReadFile(path)
}

// maxStdinFile bounds what is read of a file on standard input, in bytes.
const maxStdinFile = 8 << 20

func (a *app) writeBundle(bundle issue.Bundle, flags certBundleFlags) error {
	data := issue.EncodeCertificates(bundle.Certificates...)
	if flags.Out == "" {
		a.print(string(data))
		a.flush()
	} else {
		file := issue.File{Name: filepath.Base(flags.Out), Data: data, Mode: issue.ModePublic}
		if _, err := issue.Write(issue.OS{}, filepath.Dir(flags.Out), []issue.File{file}, flags.Force); err != nil {
			return explainExists(err)
		}
		a.print(printable("Wrote " + flags.Out + ":\n"))
		for i, c := range bundle.Certificates {
			a.print(indent(strconv.Itoa(i+1) + " " + issue.Subject(c)))
		}
	}
	for _, note := range bundle.Notes {
		a.warn(printable(note))
	}
	if bundle.Missing != "" {
		a.warn(printable(bundle.Missing))
	}
	return nil
}
