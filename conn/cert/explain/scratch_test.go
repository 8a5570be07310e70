package explain
import ("testing";"os";"bufio";"fmt";"strings")
func TestScratch(t *testing.T){
 x,err:=New(About{}); if err!=nil{t.Fatal(err)}
 f,_:=os.Open(os.Getenv("SCRATCH")); s:=bufio.NewScanner(f); s.Buffer(nil,1<<20)
 o,_:=os.Create(os.Getenv("SCRATCH")+".out")
 for s.Scan(){ l:=s.Text(); if strings.TrimSpace(l)==""{continue}
  r:=x.Text(l); var c []string; sp:="-"
  for _,e:=range r.Explanations{ n:=e.Code; if e.Ambiguous(){n+="?"}; c=append(c,n); if e.Speaker!=""{sp=e.Speaker} }
  if c==nil {c=[]string{"-"}}
  fmt.Fprintf(o,"%s | %s | %s\n",strings.Join(c," "),sp,l) } }
