package ephemeris
import ("testing";"fmt";"math";"os")
func TestDbg(t *testing.T){
 e:=open(t)
 if os.Getenv("DBG")=="nut" { for _,r:=range references(t){ s:=skyAt(t,e,r.JulianDayUT); fmt.Printf("%.3f %.6f %.6f\n",(r.JulianDayUT-j2000)/36525,(s.NutationLongitude-r.Nutation)*3600,(s.Obliquity-r.Obliquity)*3600)} }
 if os.Getenv("DBG")=="osc" { for _,r:=range references(t){ s:=skyAt(t,e,r.JulianDayUT); p:=s.Position(OsculatingLilith); q:=s.Position(TrueNode);m:=s.Position(Moon); d:=(p.Longitude-r.Bodies["osculating_lilith"].Longitude)*3600; x:=math.Mod((s.days-(FirstJulianDay-j2000))/16,1)
  fmt.Printf("%.3f x %.4f lil %.4f node %.4f speed %.3f %.3f moonspd %.4f rad %.6f\n",(r.JulianDayUT-j2000)/36525,x,d,(q.Longitude-r.Bodies["true_node"].Longitude)*3600,(p.LongitudeSpeed-r.Bodies["osculating_lilith"].Speed)*3600,(q.LongitudeSpeed-r.Bodies["true_node"].Speed)*3600,(m.LongitudeSpeed-r.Bodies["moon"].Speed)*3600,m.DistanceSpeed)} }
}
