package main

import (
	"path/filepath"
	"time"

	"redan/bench/rig"
	"redan/conn/cert/issue"
)

// certificates makes a CA and a server certificate of the kind most servers have: RSA with 2048 bits.
func certificates(folder string) (rig.Certificates, error) {
	names, err := issue.ParseNames("localhost")
	if err != nil {
		return rig.Certificates{}, err
	}
	made, err := issue.Plan{Now: time.Now(), Nodes: []issue.Names{names.WithLoopback()}, Days: 2, CADays: 2, RSABits: 2048}.Make()
	if err != nil {
		return rig.Certificates{}, err
	}
	_, err = issue.Write(issue.OS{}, folder, made.Files, false)
	server := made.Nodes[0]
	return rig.Certificates{
		CA: filepath.Join(folder, made.CAFile), Cert: filepath.Join(folder, server.CertFile), Key: filepath.Join(folder, server.KeyFile),
	}, err
}
