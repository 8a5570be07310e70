package cli

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"redan/conn"
	"redan/conn/demo"
)

// demoServer is the embedded server, and what removes the folder of its CA.
type demoServer struct {
	server *demo.Server
	clean  func()
}

// startDemo starts the embedded server with its sample data, on a free port, or with
// --serve on the one of -p.
func (a *app) startDemo(ctx context.Context, flags *grammar) error {
	tls := flags.TLS
	options := demo.Options{TLS: tls, Now: a.sys.Now}
	if flags.Serve && flags.Port != "" {
		port, err := parsePort(flags.Port)
		if err != nil {
			return err
		}
		options.Addr = net.JoinHostPort(conn.DefaultHost, strconv.Itoa(port))
	}
	d := &demoServer{}
	if tls {
		dir, remove, err := a.sys.TempDir("redan-demo-") // clients need a file to name
		if err != nil {
			return fmt.Errorf("the demo cannot write its CA certificate: %w", err)
		}
		d.clean, options.Dir = remove, dir
	}
	server, err := demo.Start(ctx, options)
	if err != nil {
		d.close()
		return fmt.Errorf("the demo server does not start: %w", err)
	}
	d.server = server
	a.demo = d
	return nil
}

func (d *demoServer) close() {
	if d.server != nil {
		d.server.Close()
	}
	if d.clean != nil {
		d.clean()
	}
}

// pointAt makes o lead to the demo, whatever the command line said of other servers.
func (d *demoServer) pointAt(o *conn.Options) {
	o.Host, o.Socket = d.server.Host, ""
	o.Port, _ = strconv.Atoi(d.server.Port)
	o.User, o.Password = "", conn.Secret{}
	if o.TLS != nil {
		o.TLS.CAFiles, o.TLS.CADirs, o.TLS.CAData = []string{d.server.CAFile()}, nil, nil
	}
}

// banner says what this is, so that nobody takes it for a real server.
func (d *demoServer) banner() string {
	return fmt.Sprintf("redan demo: an embedded server with sample data on %s. Nothing here is kept.", d.server.Addr())
}

// serveDemo keeps the demo running until Ctrl-C and says how to reach it.
func (a *app) serveDemo() int {
	if a.demo == nil {
		a.warn("--serve belongs to the demo: redan demo --serve")
		return exitError
	}
	interrupts, stop := a.sys.Interrupts()
	defer stop()
	address := fmt.Sprintf("-h %s -p %s", a.demo.server.Host, a.demo.server.Port)
	if file := a.demo.server.CAFile(); file != "" {
		address += " --tls --cacert " + file
	}
	a.print(a.demo.banner() + "\n\n  redan " + address + "\n  redis-cli " + address + "\n\nCtrl-C stops it.\n")
	a.flush()
	<-interrupts
	return exitOK
}
