package ephemeris
import ("testing";"fmt";"math")
func TestMass(t *testing.T){
 e:=open(t)
 for _,r:=range references(t){ s:=skyAt(t,e,r.JulianDayUT); sun:=r.Bodies["sun"]
  for b:=Mercury;b<=Vesta;b++{ w:=r.Bodies[vectorNames[b]]; if w.Distance<sun.Distance {continue}
   dl:=math.Remainder(w.Longitude-sun.Longitude,360); dbt:=w.Latitude-sun.Latitude; el:=math.Hypot(dl,dbt); if el>0.5 {continue}
   p:=s.Position(b); x:=math.Sin(el*radian)/(sunRadius/s.earth.place.minus(s.sun.place).norm())
   // radial difference
   er:=((p.Longitude-w.Longitude)*dl+(p.Latitude-w.Latitude)*dbt)/el*3600
   fmt.Printf("MASS %s x %.4f radial %.4f model bend at x: mass %.4f\n",b,x,er,func()float64{if x<1{m,_:=behindSun(x*x,0);return m};return 1}())
  }}
}
